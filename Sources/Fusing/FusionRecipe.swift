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
    /// Whether a parent with NaN or infinity is refused, and not only named.
    package var refusesNonFinite: Bool

    /// A fusion by `method`; 5 GB is the shard size of `transformers`.
    package init(
        _ method: FusionMethod,
        vocabulary: VocabularyRule = .same,
        format: FloatFormat? = nil,
        maxShardSize: Int = 5_000_000_000,
        seed: UInt64 = 0,
        refusingNonFinite: Bool = false
    ) {
        self.method = method
        self.vocabulary = vocabulary
        self.format = format
        self.maxShardSize = maxShardSize
        self.seed = seed
        refusesNonFinite = refusingNonFinite
    }

    func validate() throws(FusionError) {
        guard maxShardSize > 0 else { throw .shardSize(maxShardSize) }
        switch method {
        case .uniform(let share):
            // NaN fails both comparisons.
            guard share >= 0, share <= 1 else { throw .textShare(share) }
        case .cross(let options):
            for interval in [options.intervals.text, options.intervals.image] {
                guard let interval, interval < 1 else { continue }
                throw .interval(interval)
            }
            guard options.start != .paper || options.textHead == .both else {
                throw .textHead(options.textHead.rawValue)
            }
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
        case .cross(let cross):
            options = cross.json
            options["seed"] = .string(String(seed))
            if case .preserving(let token?) = cross.start { options["untrained"] = .string(token) }
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

extension CrossOptions {
    /// What is not the paper's is only stated where it differs.
    fileprivate var json: JSON.Object {
        var json: JSON.Object = [:]
        switch (intervals.text, intervals.image) {
        case (let text?, let image?) where text == image:
            json = ["every": .integer(text), "direction": "both"]
        case (let text?, nil): json = ["every": .integer(text), "direction": "to-text"]
        case (nil, let image?): json = ["every": .integer(image), "direction": "to-image"]
        case (let text, let image):
            if let text { json["every_to_text"] = .integer(text) }
            if let image { json["every_to_image"] = .integer(image) }
        }
        json["start"] = .string(start.name)
        func state<Value: RawRepresentable & Equatable>(
            _ key: String,
            _ value: CrossConfig.PerTower<Value>,
            but usual: Value
        ) where Value.RawValue == String {
            guard value != CrossConfig.PerTower(usual) else { return }
            json[key] = [
                "text": .string(value.text.rawValue), "image": .string(value.image.rawValue),
            ]
        }
        state("reads", reads, but: .all)
        state("attends", attends, but: .all)
        if writes != .all { json["writes"] = .string(writes.rawValue) }
        if gate != .none { json["gate"] = .string(gate.rawValue) }
        if textHead != .both { json["text_head"] = .string(textHead.rawValue) }
        return json
    }
}
