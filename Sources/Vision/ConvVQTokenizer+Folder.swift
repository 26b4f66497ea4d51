internal import Basics
package import Checkpoints
package import Layers

extension ConvVQTokenizer {
    /// Opens the folder that ``save(to:replacing:)`` has written.
    ///
    /// - Throws: what is wrong with the folder, its config or its weights, of which none may be
    ///   missing, left over or of another shape.
    package static func open(_ path: String) throws -> ConvVQTokenizer {
        try open(CheckpointFolder(path))
    }

    /// Opens a checkpoint folder.
    package static func open(_ folder: CheckpointFolder) throws -> ConvVQTokenizer {
        let config = try ConvVQConfig(folder.configReader())
        return try ParameterStore.build(from: WeightsSource(folder, as: .float32)) {
            try ConvVQTokenizer(config, $0)
        }.model
    }

    /// Writes a folder: `config.json` and `model.safetensors`, whole or not at all.
    ///
    /// - Parameters:
    ///   - path: a folder that is not there yet or is empty, unless `replacing`.
    ///   - store: the weights that this tokenizer was built from.
    ///   - format: what the weights are rounded to.
    ///   - replacing: whether a folder that is there is replaced.
    /// - Throws: `FileError` for a folder that is there, a full disk and the like.
    package func save(
        to path: String,
        _ store: ParameterStore,
        as format: FloatFormat = .float32,
        replacing: Bool = false
    ) throws {
        let folder = try OutputFolder(at: path, replacing: replacing)
        try AtomicFile.write(
            config.json.text(.indented) + "\n",
            to: folder.file(CheckpointFolder.FileName.config)
        )
        try store.write(to: folder.file(CheckpointFolder.FileName.weights), as: format)
        try folder.commit()
    }
}
