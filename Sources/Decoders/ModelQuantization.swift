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
            let storage: Storage =
                switch roles[name] {
                case .matrix where format == .int4 && Int4Groups.fits(entry.shape): .int4
                case .table where keepsTables, .head where keepsTables:
                    entry.elementType == .int8 ? .float32 : .same
                case .matrix, .table, .head: .int8
                case .positions, .bias, .scale, .kernel, nil: .same
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

    private var entries: [WeightEntry] { weights.flatMap { Self.entries($0.entry, $0.storage) } }

    private static func entries(_ entry: WeightEntry, _ storage: Storage) -> [WeightEntry] {
        switch storage {
        case .same where entry.elementType == .int8:
            // In 8 bits already, though it is no matrix.
            let scales = Int8Rows.scaleName(of: entry.name)
            return [
                entry,
                WeightEntry(name: scales, elementType: .float32, shape: [entry.shape[0], 1]),
            ]
        case .same: return [entry]
        case .float32:
            return [
                WeightEntry(name: entry.name, elementType: .float32, shape: entry.shape)
            ]
        case .int4: return Int4Groups.entries(of: entry.name, entry.shape)
        case .int8:
            let scales = Int8Rows.scaleName(of: entry.name)
            return [
                WeightEntry(name: entry.name, elementType: .int8, shape: entry.shape),
                WeightEntry(name: scales, elementType: .float32, shape: [entry.shape[0], 1]),
            ]
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
            for (stored, bytes) in zip(
                Self.entries(entry, storage),
                try bytes(of: entry, storage)
            ) {
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
        case .same:
            return try Self.entries(entry, storage).map {
                try folder.withBytes(of: $0.name) { Array($0) }
            }
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
        func group(_ format: String, _ targets: JSON, _ weights: JSON.Object) -> JSON {
            var weights = weights
            weights["type"] = "int"
            weights["symmetric"] = true
            return ["format": .string(format), "targets": targets, "weights": .object(weights)]
        }
        let rows = modules(stored: .int8)
        let hasGroups = weights.contains { $0.storage == .int4 }
        var groups: [JSON] = []
        if hasGroups {
            groups.append(
                group(
                    Self.groupFormat,
                    ["Linear"],
                    [
                        "num_bits": 4, "strategy": "group",
                        "group_size": .integer(Int4Groups.groupSize),
                    ]
                )
            )
        }
        if !rows.isEmpty {
            // By name where "Linear" means those of 4 bits.
            let classes: JSON = keepsTables ? ["Linear"] : ["Linear", "Embedding"]
            let targets = hasGroups ? .array(rows.map(JSON.string)) : classes
            groups.append(
                group(Self.rowFormat, targets, ["num_bits": 8, "strategy": "channel"])
            )
        }
        let isMixed = groups.count > 1
        var quantization: JSON.Object = [
            "quant_method": "compressed-tensors",
            "format": .string(
                isMixed ? "mixed-precision" : hasGroups ? Self.groupFormat : Self.rowFormat
            ),
            "quantization_status": "compressed",
            "config_groups": .object(
                groups.enumerated().reduce(into: [:]) { $0["group_\($1.offset)"] = $1.element }
            ),
        ]
        // Also where it is tied, so that the file has none.
        if keepsTables { quantization["ignore"] = ["lm_head"] }
        var config = try folder.configReader().object
        config["quantization_config"] = .object(quantization)
        return config
    }

    /// What compressed-tensors calls the two ways of storing.
    private static let (groupFormat, rowFormat) = ("pack-quantized", "int-quantized")

    /// The names of the modules whose weights are stored in a way.
    private func modules(stored storage: Storage) -> [String] {
        weights.filter { $0.storage == storage }.map(\.entry.name)
            .filter { $0.hasSuffix(".weight") }.map { String($0.dropLast(".weight".count)) }
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
