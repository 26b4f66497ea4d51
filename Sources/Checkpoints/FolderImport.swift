import Basics

/// A GGUF file or a delta, ready to be written as the Hugging Face folder that it stands for.
package struct FolderImport: Sendable {
    /// The file or delta, read as that folder.
    package let folder: CheckpointFolder
    /// The type of all weights to write; `nil` where each keeps its own.
    package let format: FloatFormat?
    private let layout: ShardLayout
    private let weights: [String: ConvertedWeight]
    private let isGGUF: Bool

    /// Opens a GGUF file or a delta; of the weights only the places are checked.
    ///
    /// - Parameters:
    ///   - path: the GGUF file, or the folder of the delta.
    ///   - format: the type of all weights to write; without one a delta's keep their own, and those
    ///     of a GGUF file, or of a delta with packed integers, become float32, which loses nothing.
    ///   - maxShardSize: the most bytes of a weight file.
    /// - Throws: `CheckpointError`, `GGUFError` or `DeltaError` if there is no such model or it is
    ///   malformed.
    package init(_ path: String, as format: FloatFormat?, maxShardSize: Int) throws {
        let files = try CheckpointFiles(path)
        guard files.isGGUF || files.isDelta else { throw ImportError(path: path) }
        let folder = try CheckpointFolder(path)
        let type = format ?? (files.isGGUF || folder.hasPackedWeights ? .float32 : nil)
        // Weights in 8 bits that become floats no longer have scales.
        let names = folder.names.filter { type == nil || !Int8Rows.isScale($0, in: folder) }
        weights = Dictionary(
            uniqueKeysWithValues: try names.map { name in
                let own = folder.entry(name)?.elementType ?? .float32
                return (name, try ConvertedWeight(name, of: folder, as: type?.elementType ?? own))
            }
        )
        self.folder = folder
        self.format = type
        isGGUF = files.isGGUF
        let entries = names.compactMap { [weights] name in weights[name]?.entry }
        layout = ShardLayout(entries, maxShardSize: maxShardSize)
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
    /// - Throws: `FileError` where the folder cannot be written, `WeightError` where a number does
    ///   not fit the type.
    package func write(
        to output: String,
        progress: (Int) throws -> Void = { _ in }
    ) throws {
        let output = try OutputFolder(at: output)
        try output.need(layout.byteCount)
        let digests = try ShardedWriter(in: output.path, layout: layout).write(
            { [weights] part, bytes in
                guard let weight = weights[part.name] else {
                    throw WeightError.missing(name: part.name)
                }
                let start = part.bytes.lowerBound / weight.entry.elementType.byteCount
                try weight.read(from: start, into: bytes)
            },
            progress: progress
        )
        var names = layout.shards.map(\.file)
        if layout.index != nil { names.append(CheckpointFolder.FileName.index) }
        try output.write(try config(), to: CheckpointFolder.FileName.config)
        let files = try SideFiles(of: folder.path)
        try files.write(to: output.path)
        names += [CheckpointFolder.FileName.config] + files.files.map(\.name)
        try output.write(
            try manifest(of: names, in: output.path, digests).json.text(.indented) + "\n",
            to: Manifest.fileName
        )
        try output.commit()
    }

    /// The config, which says the type of the weights where they got another.
    private func config() throws -> String {
        var config = try folder.configReader().object
        guard let format else {
            guard let file = try folder.file(CheckpointFolder.FileName.config) else { return "" }
            return String(decoding: file.bytes, as: UTF8.self)
        }
        config["quantization_config"] = nil
        config[config["torch_dtype"] == nil ? "dtype" : "torch_dtype"] = .string(format.rawValue)
        return JSON.object(config).text(.indented) + "\n"
    }

    /// How the folder was made; of a delta, how the model was made, if that is known.
    private func manifest(of names: [String], in output: String, _ digests: [String: String])
        throws -> Manifest
    {
        let files = try Manifest.describe([(output, names), (folder.path, folder.usedFiles)]) {
            index,
            name in
            if index == 0 { return digests[name].map { .known($0) } ?? .file }
            return CheckpointFolder.isOfWeights(name) ? .none : .file
        }
        if let original = try folder.manifest() {
            return Manifest(
                command: original.command,
                method: original.method,
                options: original.options,
                inputs: original.inputs,
                files: files[0]
            )
        }
        return Manifest(
            command: "import",
            method: isGGUF ? "gguf" : "delta",
            options: format.map { ["dtype": .string($0.elementType.rawValue)] } ?? [:],
            inputs: [Manifest.Input(name: folder.name, files: files[1])],
            files: files[0]
        )
    }
}

/// What is to be imported is a whole folder already.
private struct ImportError: UserError {
    let path: String

    var kind: ErrorKind { .malformedInput }
    var description: String { "\(path): is a whole folder; a GGUF file or a delta is expected" }
}

extension CheckpointFolder {
    /// Whether weights are stored as packed integers and read as floats.
    fileprivate var hasPackedWeights: Bool {
        names.contains { entry($0)?.elementType == .float32 && storedType(of: $0)?.first == "I" }
    }
}
