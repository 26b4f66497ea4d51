internal import Basics
internal import Checkpoints
public import Decoders
internal import Layers
internal import Tensors
internal import Vocabulary

extension Recipe {
    /// The config of the model that is taught, for a vocabulary of `count` tokens.
    public func modelConfig(vocabulary count: Int) throws -> DecoderConfig {
        switch start {
        case .folder(let folder):
            return try DecoderConfig(try CheckpointFolder(folder).configReader())
        case .llama(let sizes):
            return .llama(
                LlamaConfig(
                    vocabularySize: count,
                    hiddenSize: sizes.width,
                    layerCount: sizes.layers,
                    headCount: sizes.heads,
                    keyValueHeadCount: sizes.keyValueHeads,
                    feedForwardSize: sizes.feedForward,
                    contextLength: training.sizes.contextLength,
                    tiesEmbeddings: sizes.tied
                )
            )
        }
    }

    /// Opens the model, or makes it of fresh weights that belong to the seed.
    func model(vocabulary count: Int) throws -> (model: any LanguageModel, parameters: [Parameter])
    {
        try withTorchErrors {
            switch start {
            case .folder(let folder):
                let opened = try ModelFolder(folder)
                return (opened.model, opened.store.parameters)
            case .llama:
                let config = try modelConfig(vocabulary: count)
                let made = try ParameterStore.build(from: InitializationSource(seed: seed)) {
                    try config.model($0)
                }
                return (made.model, made.store.parameters)
            }
        }
    }

    /// The run that the recipe asks for, ready to ``TrainingRun/train(resumes:style:isStopWanted:)``.
    ///
    /// - Parameter jamVersion: noted in the manifest of each saved step.
    public func run(on data: RecipeData, jamVersion: String) throws -> TrainingRun {
        let space = data.tokenizer.space
        let mixture = try Mixture(data.sources, in: space, seed: seed)
        let (model, parameters) = try model(vocabulary: space.count)
        let loop = try TrainingLoop(model, parameters, mixture, in: space, training)
        return TrainingRun(
            loop,
            in: try RunFolder(output, keptCount: keep),
            RunOptions(
                saveInterval: saveEvery,
                evaluationInterval: heldOut?.every ?? .max,
                heldOut: data.heldOut
            ),
            recipe: (identity, json),
            ModelFiles(
                config: .object(try modelConfig(vocabulary: space.count).json),
                texts: [
                    "tokenizer.json": data.tokenizer.json.text(.indented) + "\n",
                    "tokenizer_config.json": data.tokenizer.configuration.text(.indented) + "\n",
                ],
                jamVersion: jamVersion
            )
        )
    }
}
