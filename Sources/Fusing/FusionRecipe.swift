import Basics
package import Checkpoints
import Decoders

/// What the user asks of a fusion, apart from the two parents.
package struct FusionRecipe: Sendable, Equatable {
    /// How the parents are joined.
    package var method: FusionMethod
    /// The type of the fused weights; `nil` means the parents' where they have one in common, and
    /// 32-bit floats otherwise.
    package var format: FloatFormat?
    /// The largest file of weights in bytes.
    package var maxShardSize: Int
    /// Where the few fresh weights of a Cross model come from.
    package var seed: UInt64
    /// How the vocabularies become one: what the parents were opened with, noted by the plan.
    package internal(set) var vocabulary = VocabularyRule.same

    /// A fusion by `method`; shards of 5 GB are what the Hugging Face world writes.
    package init(
        _ method: FusionMethod,
        format: FloatFormat? = nil,
        maxShardSize: Int = 5_000_000_000,
        seed: UInt64 = 0
    ) {
        self.method = method
        self.format = format
        self.maxShardSize = maxShardSize
        self.seed = seed
    }

    /// Refuses numbers that mean nothing.
    func validate() throws(FusionError) {
        guard maxShardSize > 0 else { throw .shardSize(maxShardSize) }
        switch method {
        case .uniform(let share):
            // Written so that "no number" fails too.
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
