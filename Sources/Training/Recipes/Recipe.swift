package import Basics
package import Decoders

/// A training run as a YAML file says it: which model, which data, how long.
///
/// Paths are relative to the folder that the program runs in.
package struct Recipe: Sendable, Equatable {
    /// What a run begins with.
    package enum Start: Sendable, Equatable {
        /// A model folder.
        case folder(String)
        /// Fresh weights of these sizes; the vocabulary is the tokenizer's.
        case fresh(TowerConfig)
    }

    /// Shards that are learned in one way.
    package struct Source: Sendable, Equatable {
        /// What reports call it.
        package var name: String
        /// JSON Lines files or WebDataset archives.
        package var shards: [String]
        /// How a document becomes an example.
        package var objective: Objective
        /// How often its documents come; `nil` for each as often as any other.
        package var weight: Double?
        /// How many documents are read.
        package var limit: Int
        /// What stands before its documents, if anything does.
        package var retrieval: Retrieval?
    }

    /// What the run begins with.
    package var start: Start
    /// The folder with `tokenizer.json`.
    package var tokenizer: String
    /// The image tokenizer's folder, if there are images.
    package var imageTokenizer: String?
    /// What is learned.
    package var sources: [Source]
    /// How many documents of each source are held out and evaluated instead.
    package var heldOutCount: Int
    /// The learning rate at each step.
    package var schedule: Schedule
    /// The tokens of one step and of one pass.
    package var tokensPerStep: Int
    /// The most tokens of one pass, padding included.
    package var microBatchTokens: Int
    /// How gradients move weights.
    package var optimizer: OptimizerOptions
    /// What all randomness follows from.
    package var seed: UInt64
    /// The run's folder; the finished model is in `model` inside it.
    package var output: String
    /// How often the run is saved, and measured on what is held out.
    package var run: RunOptions
    /// How the finished model is stored.
    package var storage: WeightStorage
    /// The recipe as it was read, overrides included: what the manifest states.
    package let json: JSON.Object

    /// Reads a recipe file and puts overrides such as `schedule.learning_rate=3e-4` into it.
    package init(contentsOf path: String, overrides: [String] = []) throws {
        try self.init(YAML.json(contentsOf: path, overrides: overrides), source: path)
    }

    /// Reads a recipe; every key must be known.
    package init(_ json: JSON, source: String) throws {
        guard case .object(let object) = json else { throw RecipeError.notMapping(source: source) }
        let reader = try JSONReader(json, source: source)
        let model = try reader.nested("model")
        if model.has("from"), model.has("new") {
            throw model.failure("new", "a model is either new or from a folder, not both")
        }
        if model.has("from") {
            start = .folder(try model.string("from"))
        } else {
            start = .fresh(try Self.freshConfig(try model.nested("new")))
        }
        if case .folder(let folder) = start {
            tokenizer = try reader.string("tokenizer", default: folder)
        } else {
            tokenizer = try reader.string("tokenizer")
        }
        imageTokenizer = reader.has("image_tokenizer") ? try reader.string("image_tokenizer") : nil
        sources = try reader.objects("data").map(Self.source)
        if sources.contains(where: { $0.weight == nil }),
            sources.contains(where: { $0.weight != nil })
        {
            throw reader.failure("data", "some sources have a weight; give one to all or to none")
        }
        heldOutCount = try reader.integer("held_out", default: 0, atLeast: 0)
        schedule = try Schedule(try reader.nested("schedule"))
        let batch = try reader.nested("batch")
        tokensPerStep = try batch.integer("tokens_per_step", atLeast: 1, atMost: 1 << 30)
        microBatchTokens = try batch.integer(
            "micro_batch_tokens",
            default: tokensPerStep,
            atLeast: 1
        )
        optimizer = try OptimizerOptions(ofRecipe: reader)
        seed = UInt64(try reader.integer("seed", default: 0, atLeast: 0))
        output = try reader.string("output")
        run = try RunOptions(ofRecipe: reader)
        storage = try reader.choice("dtype", default: .float32)
        self.json = object
        try reader.finish()
    }

    private static func freshConfig(_ reader: JSONReader) throws(JSONFieldError) -> TowerConfig {
        let family: Family = try reader.choice("family", default: .llama)
        let heads = try reader.integer("heads", atLeast: 1, atMost: 1 << 16)
        let width = try reader.integer("width", atLeast: 2, atMost: 1 << 20)
        guard width % (2 * heads) == 0 else {
            throw reader.failure("width", "\(width) is not an even multiple of \(heads) heads")
        }
        let keyValueHeads = try reader.integer("key_value_heads", default: heads, atLeast: 1)
        guard heads % keyValueHeads == 0 else {
            throw reader.failure(
                "key_value_heads",
                "\(keyValueHeads) does not divide \(heads) heads"
            )
        }
        guard keyValueHeads == heads || family.groupsQueries else {
            throw reader.failure(
                "key_value_heads",
                "\(family.title) has as many as heads, \(heads)"
            )
        }
        return TowerConfig(
            family,
            vocabularySize: 1,
            hiddenSize: width,
            layerCount: try reader.integer("layers", atLeast: 1, atMost: 1 << 12),
            headCount: heads,
            keyValueHeadCount: keyValueHeads,
            feedForwardSize: try reader.integer(
                "feed_forward",
                atLeast: 1,
                atMost: 1 << 22
            ),
            contextLength: try reader.integer("context", atLeast: 2, atMost: 1 << 24),
            tiesEmbeddings: try reader.bool("tied", default: true)
        )
    }

    private static func source(_ reader: JSONReader) throws(JSONFieldError) -> Source {
        let shards = try reader.strings("shards")
        let weight = reader.has("weight") ? try reader.number("weight") : nil
        if let weight, !(weight > 0) {
            throw reader.failure("weight", "\(weight) is not above 0")
        }
        return Source(
            name: try reader.string("name", default: shards[0]),
            shards: shards,
            objective: try objective(reader),
            weight: weight,
            limit: try reader.integer("limit", default: .max, atLeast: 1),
            retrieval: reader.has("retrieve")
                ? try Retrieval(try reader.nested("retrieve")) : nil
        )
    }

    private enum ObjectiveName: String, CaseIterable {
        case causal
        case cm3
        case instruct
    }

    private static func objective(_ reader: JSONReader) throws(JSONFieldError) -> Objective {
        func share(_ key: String, _ fallback: Double) throws(JSONFieldError) -> Double {
            let value = try reader.number(key, default: fallback)
            guard (0...1).contains(value) else {
                throw reader.failure(key, "\(value) is not a share from 0 to 1")
            }
            return value
        }
        let name: ObjectiveName = try reader.choice("objective")
        switch name {
        case .causal: return .causal
        case .cm3:
            return .cm3(
                CM3Options(
                    cm3Share: try share("cm3_share", 1),
                    wholeTextShare: try share("whole_text_share", 0)
                )
            )
        case .instruct:
            return .instruct(InstructOptions(cfgDropout: try share("cfg_dropout", 0)))
        }
    }
}
