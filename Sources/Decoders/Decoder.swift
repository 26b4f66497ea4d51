internal import Checkpoints
package import Layers
package import Tensors

// B batch, T positions, D hidden size, V vocabulary.

/// A decoder-only transformer of one family: input table, layers, head.
package final class Decoder: LanguageModel {
    private let embedding: Embedding
    private let tower: Tower
    package let head: Tensor  // [V, D]

    /// Declares all weights under Hugging Face's names.
    package init(_ config: TowerConfig, _ scope: ParameterScope) throws {
        embedding = try config.embedding(scope)
        tower = try Tower(config, scope)
        head =
            config.tiesEmbeddings
            ? embedding.weight
            : try (scope / TowerNames.head).parameter(
                "weight",
                [config.vocabularySize, config.hiddenSize],
                role: .head,
                initially: config.initialization.table
            )
    }

    package func hiddenStates(_ tokens: Tensor, cache: KeyValueCache?) -> Tensor {
        let step = DecodingStep(count: tokens.size(1), cache: cache)
        var x = tower.input(embedding(tokens), step)  // [B, T, D]
        for index in 0..<tower.layerCount { x = tower.layer(index, x, step) }
        cache?.advance(by: tokens.size(1))
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
