import Basics

/// A GGUF file, ready to be written as the Hugging Face folder that it stands for.
package struct GGUFImport: Sendable {
    /// The file, read as that folder.
    package let folder: CheckpointFolder
    private let format: FloatFormat
    private let layout: ShardLayout

    /// Opens a GGUF file; of the weights only the places are checked.
    ///
    /// - Parameters:
    ///   - path: the GGUF file.
    ///   - format: the type of all weights to write.
    ///   - maxShardSize: the most bytes of a weight file.
    /// - Throws: `CheckpointError` or `GGUFError` if there is no such file or it is malformed.
    package init(_ path: String, as format: FloatFormat, maxShardSize: Int) throws {
        guard try CheckpointFiles(path).isGGUF else {
            throw GGUFError(path: path, problem: "is a folder; a GGUF file is expected")
        }
        folder = try CheckpointFolder(path)
        self.format = format
        layout = ShardLayout(
            folder.names.compactMap(folder.entry).map { entry in
                WeightEntry(name: entry.name, elementType: format.elementType, shape: entry.shape)
            },
            maxShardSize: maxShardSize
        )
    }

    /// The bytes of all weights to write.
    package var byteCount: Int { layout.byteCount }

    /// Writes the folder, which appears only when it is complete.
    ///
    /// Weights pass by in small buffers, on all cores; memory does not grow with the model.
    ///
    /// - Parameters:
    ///   - output: the folder to make; its parent folder must exist.
    ///   - progress: called with the bytes of weights written so far, on the calling thread; an
    ///     error that it throws ends the work.
    /// - Throws: `FileError` where the folder cannot be written, `GGUFError` where a number does not
    ///   fit the type.
    package func write(
        to output: String,
        progress: (Int) throws -> Void = { _ in }
    ) throws {
        let output = try OutputFolder(at: output)
        try output.need(layout.byteCount)
        let floats = Pool { WorkingMemory<Float>() }
        try ShardedWriter(in: output.path, layout: layout).write(
            { [folder, format] part, bytes in
                try floats.lend { try Self.make(part, of: folder, as: format, into: bytes, $0) }
            },
            progress: progress
        )
        var names = layout.shards.map(\.file)
        if layout.index != nil { names.append(CheckpointFolder.FileName.index) }
        for (name, text) in try texts() {
            try output.write(text, to: name)
            names.append(name)
        }
        let files = try Manifest.describe(
            [(output.path, names), (folder.path, folder.usedFiles)],
            takingDigest: { !$0.hasSuffix(".safetensors") && !$0.hasSuffix(".gguf") }
        )
        let manifest = Manifest(
            command: "import",
            method: "gguf",
            options: ["dtype": .string(format.elementType.rawValue)],
            inputs: folder.usedFiles.map { Manifest.Input(name: $0, files: files[1]) },
            files: files[0]
        )
        try output.write(manifest.json.text(.indented) + "\n", to: Manifest.fileName)
        try output.commit()
    }

    /// The config, which says the type of the weights, and the tokenizer's files.
    private func texts() throws -> [(name: String, text: String)] {
        var config = try folder.configReader().object
        config["dtype"] = .string(format.rawValue)
        var texts = [
            (CheckpointFolder.FileName.config, JSON.object(config).text(.indented) + "\n")
        ]
        for name in CheckpointFolder.FileName.text {
            guard let file = try folder.file(name) else { continue }
            texts.append((name, String(decoding: file.bytes, as: UTF8.self)))
        }
        return texts
    }

    private static func make(
        _ part: WeightPart,
        of folder: CheckpointFolder,
        as format: FloatFormat,
        into bytes: UnsafeMutableRawBufferPointer,
        _ memory: WorkingMemory<Float>
    ) throws {
        guard let entry = folder.entry(part.name), let stored = FloatFormat(entry.elementType)
        else { throw WeightError.missing(name: part.name) }
        let start = part.bytes.lowerBound / format.elementType.byteCount
        let offset = start * stored.elementType.byteCount
        if stored == format { return try folder.read(part.name, at: offset, into: bytes) }
        let count = part.bytes.count / format.elementType.byteCount
        var floats = memory.room(for: count)
        if stored == .float32 {
            try folder.read(part.name, at: offset, into: UnsafeMutableRawBufferPointer(floats))
        } else {
            // The stored halves lie behind the floats.
            let room = memory.room(for: count + (count + 1) / 2)
            floats = UnsafeMutableBufferPointer(rebasing: room[..<count])
            let halves = UnsafeMutableRawBufferPointer(
                rebasing: UnsafeMutableRawBufferPointer(room)[(4 * count)..<(6 * count)]
            )
            try folder.read(part.name, at: offset, into: halves)
            stored.read(UnsafeRawBufferPointer(halves), into: floats)
        }
        if format == .float16 {
            for value in floats where value.magnitude >= 65520 && value.isFinite {
                throw GGUFError(
                    path: folder.path,
                    problem: "the weight \(part.name.quoted()) has the value \(value), which "
                        + "float16 cannot hold; take bfloat16 or float32"
                )
            }
        }
        format.write(UnsafeBufferPointer(floats), into: bytes)
    }
}
