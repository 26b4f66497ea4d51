internal import Checkpoints
package import Layers
package import Tensors

// B batch, T positions, D hidden size, V vocabulary.

/// A decoder-only transformer of one family: input table, layers, head.
package final class Decoder: LanguageModel {
    private let embedding: Embedding
    private let tower: Tower
    package let head: OutputHead

    /// Declares all weights under Hugging Face's names.
    package init(_ config: TowerConfig, _ scope: ParameterScope) throws {
        embedding = try config.embedding(scope)
        tower = try Tower(config, scope)
        head = OutputHead(
            config.tiesEmbeddings
                ? embedding.weight
                : try (scope / TowerNames.head).parameter(
                    "weight",
                    [config.vocabularySize, config.hiddenSize],
                    role: .head,
                    initially: config.initialization.table
                ),
            vocabularySize: config.vocabularySize,
            width: config.hiddenSize
        )
    }

    package func hiddenStates(_ tokens: TokenRows, cache: KeyValueCache?) -> Tensor {
        let step = DecodingStep(counts: tokens.counts, width: tokens.width, cache: cache)
        var x = tower.input(embedding(tokens.tensor), step)  // [B, T, D]
        for index in 0..<tower.layerCount { x = tower.layer(index, x, step) }
        cache?.advance(by: tokens.counts)
        return tower.output(x)
    }
}

extension TowerConfig {
    func embedding(_ scope: ParameterScope) throws -> Embedding {
        try Embedding(
            vocabularySize,
            hiddenSize,
            initially: initialization.table,
            scope / names.root / names.table
        )
    }
}
