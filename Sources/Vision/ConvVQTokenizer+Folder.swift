internal import Basics
package import Checkpoints
package import Layers

extension ConvVQTokenizer {
    /// Opens a folder that ``save(to:_:as:replacing:)`` has written; strict about its config and weights.
    static func open(_ folder: CheckpointFolder) throws -> ConvVQTokenizer {
        let config = try ConvVQConfig(folder.configReader())
        return try ParameterStore.build(from: WeightsSource(folder, as: .float32)) {
            try ConvVQTokenizer(config, $0)
        }.model
    }

    /// Writes `config.json` and `model.safetensors` to a folder, atomically.
    ///
    /// The folder must be new or empty, unless it is replaced; `store` has this tokenizer's weights.
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
