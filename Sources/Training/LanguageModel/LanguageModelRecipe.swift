package import Basics
package import Decoders

/// The training of a language model, with or without images.
package struct LanguageModelRecipe: Recipe, Equatable {
    /// Documents with one objective.
    package struct Source: Sendable, Equatable {
        /// The name in messages.
        package var name: String
        /// JSON Lines files or WebDataset archives.
        package var shards: [String]
        /// How a document becomes an example.
        package var objective: Objective
        /// Its share of the examples, relative to the weights of the other sources; `nil` for the
        /// number of its documents.
        package var weight: Double?
        /// The most documents that are read.
        package var limit: Int
        /// The retrieved documents that precede its documents.
        package var retrieval: Retrieval?
    }

    package var header: RecipeHeader
    package var model: InitialModel<TowerConfig>
    /// Whether the folder's model gets the vocabulary of ``tokenizer``.
    package var transplantsVocabulary: Bool
    /// A folder with `tokenizer.json`, or that file.
    package var tokenizer: String
    /// The folder of the image tokenizer; `nil` for that of the model's folder, if it has one.
    package var imageTokenizer: String?
    package var sources: [Source]
    /// The tokens of one optimizer step, padding not counted.
    package var tokensPerStep: Int
    /// The most tokens of one micro-batch, padding included.
    package var microBatchTokens: Int
    /// What steps multiply; sums, weights and the optimizer's state are float32.
    package var mixedPrecision: MixedPrecision
    /// The type of the trained weights.
    package var dtype: WeightStorage

    /// The type of the numbers that matrices are multiplied in.
    package enum MixedPrecision: String, Sendable, CaseIterable {
        /// The type of everything else.
        case float32 = "none"
        case bfloat16
    }

    package init(_ reader: JSONReader, _ header: RecipeHeader) throws(JSONFieldError) {
        self.header = header
        let initial = try reader.nested("model")
        model = try InitialModel(initial, sizes: Self.config)
        transplantsVocabulary = try initial.bool("transplant", default: false)
        if transplantsVocabulary, initial.has("new") {
            throw initial.failure("transplant", "a new model has the tokenizer's vocabulary")
        }
        if case .folder(let folder) = model, !transplantsVocabulary {
            tokenizer = try reader.string("tokenizer", default: folder)
        } else {
            tokenizer = try reader.string("tokenizer")
        }
        imageTokenizer = reader.has("image_tokenizer") ? try reader.string("image_tokenizer") : nil
        var sources: [Source] = []
        for source in try reader.objects("data") { sources.append(try Self.source(source)) }
        guard [0, sources.count].contains(sources.count { $0.weight == nil }) else {
            throw reader.failure("data", "some sources have a weight; give one to all or to none")
        }
        self.sources = sources
        let batch = try reader.nested("batch")
        let tokens = try batch.integer("tokens_per_step", atLeast: 1, atMost: 1 << 30)
        tokensPerStep = tokens
        microBatchTokens = try batch.integer("micro_batch_tokens", default: tokens, atLeast: 1)
        mixedPrecision = try reader.choice("mixed_precision", default: .float32)
        dtype = try reader.choice("dtype", default: .float32)
    }

    /// The sizes of a new model; the vocabulary is the tokenizer's.
    private static func config(_ reader: JSONReader) throws(JSONFieldError) -> TowerConfig {
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
        return Source(
            name: try reader.string("name", default: shards[0]),
            shards: shards,
            objective: try objective(reader),
            weight: reader.has("weight") ? try reader.positive("weight") : nil,
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
        let name: ObjectiveName = try reader.choice("objective")
        switch name {
        case .causal: return .causal
        case .cm3:
            return .cm3(
                CM3Options(
                    cm3Share: try reader.share("cm3_share", default: 1),
                    wholeTextShare: try reader.share("whole_text_share", default: 0),
                    uncaptionedWeight: try reader.share("uncaptioned_weight", default: 1)
                )
            )
        case .instruct:
            return .instruct(
                InstructOptions(cfgDropout: try reader.share("cfg_dropout", default: 0))
            )
        }
    }
}
