package import Basics
package import Checkpoints
package import Layers
internal import Tensors

/// A model that was read from a checkpoint folder, and the folder.
package struct ModelFolder {
    /// The folder, for the files beside the weights.
    package let folder: CheckpointFolder
    /// The sizes.
    package let config: DecoderConfig
    /// The model.
    package let model: any LanguageModel
    /// Its weights, in the order in which it states them.
    package let store: ParameterStore

    /// Opens a folder and reads all weights as `elementType`.
    package init(_ path: String, as elementType: ElementType = .float32) throws {
        try self.init(CheckpointFolder(path), as: elementType)
    }

    /// Reads the weights of an opened folder as `elementType`.
    package init(_ folder: CheckpointFolder, as elementType: ElementType = .float32) throws {
        let config = try DecoderConfig(try folder.configReader())
        let source = WeightsSource(folder, as: elementType) { config.mayLeaveOver($0) }
        let built = try ParameterStore.build(from: source) { try config.model($0) }
        self.folder = folder
        self.config = config
        model = built.model
        store = built.store
    }

    /// The weights of another network in the folder, which are kept and not run.
    ///
    /// Such is Chameleon's encoder of images. What is written of the model carries them along.
    package func auxiliaryWeights() throws -> [Parameter] {
        try folder.names.filter(config.keepsApart).map { name in
            let shape = folder.entry(name)?.shape ?? []
            return Parameter(
                spec: ParameterSpec(name: name, shape: shape, role: .kernel),
                tensor: Tensor(try folder.floats(of: name), shape)
            )
        }
    }
}
