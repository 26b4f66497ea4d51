package import Basics
package import Checkpoints
package import Layers
internal import Tensors

/// A model read from a checkpoint folder.
package struct ModelFolder {
    package let folder: CheckpointFolder
    package let config: DecoderConfig
    package let model: any LanguageModel
    /// The weights in the order of their declaration.
    package let store: ParameterStore

    package init(
        _ path: String,
        as elementType: ElementType = .float32,
        packing packs: Bool = false
    ) throws {
        try self.init(CheckpointFolder(path), as: elementType, packing: packs)
    }

    /// - Parameters:
    ///   - folder: an opened checkpoint.
    ///   - elementType: the type that the model computes in.
    ///   - packs: whether matrices stay as they are stored, for a model that is not trained (see
    ///     ``WeightsSource``).
    /// - Throws: what does not fit, or cannot be read.
    package init(
        _ folder: CheckpointFolder,
        as elementType: ElementType = .float32,
        packing packs: Bool = false
    ) throws {
        let opened = try DecoderFolder(folder)
        let (folder, config) = (opened.folder, opened.config)
        let source = WeightsSource(
            folder,
            as: elementType,
            packing: packs,
            allowingUnused: config.allowsUnused
        )
        let built = try ParameterStore.build(from: source) { try config.model($0) }
        self.folder = folder
        self.config = config
        model = built.model
        store = built.store
    }

    /// The weights of another network of the checkpoint, which are saved with the model but not run,
    /// such as Chameleon's image tokenizer.
    package func auxiliaryWeights() throws -> [Parameter] {
        try folder.names.filter(config.isAuxiliary).map { name in
            let shape = folder.entry(name)?.shape ?? []
            return Parameter(
                spec: ParameterSpec(name: name, shape: shape, role: .kernel),
                tensor: Tensor(try folder.floats(of: name), shape)
            )
        }
    }
}
