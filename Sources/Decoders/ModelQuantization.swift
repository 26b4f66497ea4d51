internal import Basics
internal import Checkpoints
internal import Layers

/// A model, ready to be written as a folder with its matrices in few bits.
package struct ModelQuantization {
    package enum Format: String, Sendable, CaseIterable {
        /// Matrices, tables and heads with a scale for each row (see `Int8Rows`).
        case int8
        /// Matrices with a scale for each 32 columns of a row (see `Int4Groups`), where their columns
        /// allow it; all others, tables and heads as in ``int8``.
        case int4
    }

    private enum Storage {
        case same
        case float32
        case int8
        case int4
    }

    private let folder: CheckpointFolder
    private let format: Format
    private let keepsTables: Bool
    private let weights: [(entry: WeightEntry, storage: Storage)]

    /// Opens a model: a folder, a GGUF file or a delta.
    ///
    /// - Parameters:
    ///   - path: the model.
    ///   - format: what its matrices become.
    ///   - keepsTables: whether embeddings and heads stay floats, as `transformers` wants those that
    ///     are tied.
    /// - Throws: `LoadingError`, `CheckpointError` or a config's error where it is no model that
    ///   decoders read.
    package init(_ path: String, as format: Format, keepingTables keepsTables: Bool = false) throws
    {
        let opened = try DecoderFolder(path)
        let folder = opened.folder
        let specs = try ParameterStore.declaration { try opened.config.model($0) }
        try folder.check(specs, allowingUnused: opened.config.allowsUnused)
        let roles = Dictionary(uniqueKeysWithValues: specs.map { ($0.name, $0.role) })
        let names = folder.names.filter { !Int8Rows.isScale($0, in: folder) }
        weights = names.compactMap { name in
            guard let entry = folder.entry(name) else { return nil }
            let kept = entry.elementType == .int8 ? Storage.float32 : .same
            let storage: Storage =
                switch roles[name] {
                case .matrix where format == .int4 && Int4Groups.fits(entry.shape): .int4
                case .matrix: .int8
                case .table, .head: keepsTables ? kept : .int8
                case .positions, .bias, .scale, .kernel, nil: kept
                }
            return (entry, storage)
        }
        self.folder = folder
        self.format = format
        self.keepsTables = keepsTables
    }

    /// The bytes of all weights to write.
    package var byteCount: Int { entries.reduce(0) { $0 + $1.byteCount } }

    /// The number of the model's weights.
    package var parameterCount: Int {
        weights.reduce(0) { $0 + $1.entry.shape.reduce(1, *) }
    }

    private var entries: [WeightEntry] { weights.flatMap { entries($0.entry, $0.storage) } }

    /// The weights that one becomes, under the name that it has in the file that it comes from.
    private func entries(_ entry: WeightEntry, _ storage: Storage) -> [WeightEntry] {
        let name = folder.storedName(of: entry.name)
        func stored(as type: ElementType) -> WeightEntry {
            WeightEntry(name: name, elementType: type, shape: entry.shape)
        }
        switch storage {
        case .same: return [stored(as: entry.elementType)]
        case .float32: return [stored(as: .float32)]
        case .int4: return Int4Groups.entries(of: name, entry.shape)
        case .int8:
            let scales = WeightEntry(
                name: Int8Rows.scaleName(of: name),
                elementType: .float32,
                shape: [entry.shape[0], 1]
            )
            return [stored(as: .int8), scales]
        }
    }

    /// Writes the folder, which appears only when it is complete; one weight at a time is in memory.
    ///
    /// - Parameters:
    ///   - output: the folder to make; its parent folder must exist.
    ///   - progress: called with the bytes of weights written so far; an error that it throws ends
    ///     the work.
    /// - Throws: `FileError` where the folder cannot be written, `WeightError` for an infinity or NaN.
    package func write(to output: String, progress: (Int) throws -> Void = { _ in }) throws {
        let output = try OutputFolder(at: output)
        try output.need(byteCount)
        let file = CheckpointFolder.FileName.weights
        var writer = try SafetensorsWriter(output.path + "/" + file, entries: entries)
        var written = 0
        for (entry, storage) in weights {
            for (stored, bytes) in zip(entries(entry, storage), try bytes(of: entry, storage)) {
                try bytes.withUnsafeBytes { try writer.write($0, to: stored.name) }
                written += bytes.count
            }
            try progress(written)
        }
        try writer.finish()
        let config = CheckpointFolder.FileName.config
        try output.write(JSON.object(try self.config()).text(.indented) + "\n", to: config)
        let files = try SideFiles(of: folder.path)
        try files.write(to: output.path)
        let names = [file, config] + files.files.map(\.name)
        try output.write(
            try manifest(of: names, in: output.path).json.text(.indented) + "\n",
            to: Manifest.fileName
        )
        try output.commit()
    }

    private func bytes(of entry: WeightEntry, _ storage: Storage) throws -> [[UInt8]] {
        switch storage {
        case .same: return [try folder.withBytes(of: entry.name) { Array($0) }]
        case .float32:
            return [try folder.floats(of: entry.name).withUnsafeBytes(Array.init)]
        case .int4: return try Int4Groups.quantize(try folder.floats(of: entry.name), entry.shape)
        case .int8:
            let rows = try Int8Rows.quantize(
                try folder.floats(of: entry.name),
                rows: entry.shape[0],
                columns: entry.shape[1]
            )
            return [
                rows.bytes.withUnsafeBytes(Array.init), rows.scales.withUnsafeBytes(Array.init),
            ]
        }
    }

    /// The config, which says how the weights are stored in the words of compressed-tensors.
    private func config() throws -> JSON.Object {
        let layouts: [(storage: Storage, format: String, weights: JSON.Object)] = [
            (
                .int4, "pack-quantized",
                [
                    "num_bits": 4, "strategy": "group",
                    "group_size": .integer(Int4Groups.groupSize),
                ]
            ),
            (.int8, "int-quantized", ["num_bits": 8, "strategy": "channel"]),
        ]
        var formats: [String] = []
        var groups: JSON.Object = [:]
        for (storage, format, weights) in layouts {
            let modules = modules(stored: storage)
            guard !modules.isEmpty else { continue }
            var weights = weights
            weights["type"] = "int"
            weights["symmetric"] = true
            groups["group_\(groups.count)"] = [
                "format": .string(format), "targets": .array(modules.map(JSON.string)),
                "weights": .object(weights),
            ]
            formats.append(format)
        }
        var config = try folder.configReader().object
        config["quantization_config"] = [
            "quant_method": "compressed-tensors",
            "format": .string(formats.count == 1 ? formats[0] : "mixed-precision"),
            "quantization_status": "compressed",
            "config_groups": .object(groups),
        ]
        return config
    }

    /// The names of the modules whose weights are stored in a way.
    ///
    /// Names and not classes: "Embedding" would also mean positions, and "Linear" the image encoder that some folders carry along.
    private func modules(stored storage: Storage) -> [String] {
        let suffix = ".weight"
        return weights.filter { $0.storage == storage }
            .map { folder.storedName(of: $0.entry.name) }
            .filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }
    }

    private func manifest(of names: [String], in output: String) throws -> Manifest {
        let files = try Manifest.describe([(output, names), (folder.path, folder.usedFiles)]) {
            index,
            name in
            index == 1 && CheckpointFolder.isOfWeights(name) ? .none : .file
        }
        return Manifest(
            command: "quantize",
            method: format.rawValue,
            options: keepsTables ? ["keep_tables": true] : [:],
            inputs: [Manifest.Input(name: folder.name, files: files[1])],
            files: files[0]
        )
    }
}
