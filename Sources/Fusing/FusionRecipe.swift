import Basics
package import Checkpoints
import Decoders

/// How two parents are fused.
package struct FusionRecipe: Sendable, Equatable {
    package var method: FusionMethod
    /// How the vocabularies of the parents become one.
    package var vocabulary: VocabularyRule
    /// The type of the fused weights; `nil` means the parents' type where they share one, and
    /// float32 otherwise.
    package var format: FloatFormat?
    /// The largest file of weights in bytes.
    package var maxShardSize: Int
    /// The seed of the weights that neither parent has.
    package var seed: UInt64

    /// A fusion by `method`; 5 GB is the shard size of `transformers`.
    package init(
        _ method: FusionMethod,
        vocabulary: VocabularyRule = .same,
        format: FloatFormat? = nil,
        maxShardSize: Int = 5_000_000_000,
        seed: UInt64 = 0
    ) {
        self.method = method
        self.vocabulary = vocabulary
        self.format = format
        self.maxShardSize = maxShardSize
        self.seed = seed
    }

    func validate() throws(FusionError) {
        guard maxShardSize > 0 else { throw .shardSize(maxShardSize) }
        switch method {
        case .uniform(let share):
            // NaN fails both comparisons.
            guard share >= 0, share <= 1 else { throw .textShare(share) }
        case .cross(let interval, _, _):
            guard interval >= 1 else { throw .interval(interval) }
        case .width: break
        }
    }

    /// The recipe as the manifest states it, with defaults spelled out.
    var options: JSON.Object {
        var options: JSON.Object
        switch method {
        case .uniform(let share):
            options = ["weight": .number(share)]
        case .width(let offDiagonal, let norm):
            options = [
                "off_diagonal": .string(offDiagonal.rawValue), "norm": .string(norm.rawValue),
            ]
        case .cross(let interval, let direction, let start):
            options = [
                "every": .integer(interval),
                "direction": .string(direction.rawValue),
                "start": .string(start.name),
                "seed": .string(String(seed)),
            ]
            if case .preserving(let token?) = start { options["untrained"] = .string(token) }
        }
        options["vocabulary"] = .string(vocabulary.rawValue)
        options["max_shard_size"] = .integer(maxShardSize)
        return options
    }
}

/// How the vocabularies of two parents become one.
package enum VocabularyRule: String, Sendable, CaseIterable {
    /// Both have the same tokenizer; other parents are refused.
    case same
    /// The text parent's tokens, then the image parent's special tokens and image codes that it
    /// lacks (`TokenUnion`).
    case union
}
