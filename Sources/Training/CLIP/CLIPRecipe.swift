package import Basics
package import Checkpoints
package import Vision

/// The training of a CLIP model.
package struct CLIPRecipe: Recipe, Equatable {
    /// The sizes of a new model, and its tokenizer.
    package struct Sizes: Sendable, Equatable {
        package var text: CLIPConfig.Transformer
        /// The most tokens of a text.
        package var contextLength: Int
        package var vision: CLIPConfig.Transformer
        /// Pixels on each side of an image.
        package var imageSize: Int
        /// Pixels on each side of a patch.
        package var patchSize: Int
        package var projectionSize: Int
        /// A folder with `tokenizer.json`, which is changed to end each text with `<eos>`.
        package var tokenizer: String
    }

    package var header: RecipeHeader
    package var model: InitialModel<Sizes>
    /// JSON Lines files or WebDataset archives.
    package var shards: [String]
    /// The most pairs that are read.
    package var limit: Int
    /// The number of pairs of one step.
    package var batchSize: Int
    /// The type of the trained weights.
    package var dtype: FloatFormat

    package init(_ reader: JSONReader, _ header: RecipeHeader) throws(JSONFieldError) {
        self.header = header
        model = try InitialModel(try reader.nested("model")) { sizes throws(JSONFieldError) in
            try Sizes(sizes, tokenizer: try reader.string("tokenizer"))
        }
        if case .folder = model, reader.has("tokenizer") {
            throw reader.failure("tokenizer", "a model from a folder has its own; leave it out")
        }
        shards = try reader.strings("shards")
        limit = try reader.integer("limit", default: .max, atLeast: 1)
        batchSize = try reader.integer("batch", atLeast: 2, atMost: 1 << 20)
        dtype = try reader.choice("dtype", default: .float32)
    }
}

extension CLIPRecipe.Sizes {
    fileprivate init(_ reader: JSONReader, tokenizer: String) throws(JSONFieldError) {
        self.tokenizer = tokenizer
        let textReader = try reader.nested("text")
        let visionReader = try reader.nested("vision")
        text = try CLIPConfig.Transformer(recipe: textReader)
        contextLength = try textReader.integer("context", atLeast: 2, atMost: 1 << 16)
        vision = try CLIPConfig.Transformer(recipe: visionReader)
        imageSize = try visionReader.integer("image", atLeast: 1, atMost: 8192)
        patchSize = try visionReader.integer("patch", atLeast: 1, atMost: 8192)
        projectionSize = try reader.integer("vector", atLeast: 1, atMost: 1 << 16)
        guard imageSize % patchSize == 0 else {
            throw visionReader.failure(
                "patch",
                "\(patchSize) pixels do not divide the image's \(imageSize)"
            )
        }
        let side = imageSize / patchSize
        guard side <= 256 else {
            throw visionReader.failure(
                "patch",
                "makes \(side) × \(side) patches of an image; 256 × 256 are the most"
            )
        }
    }
}

extension CLIPConfig.Transformer {
    fileprivate init(recipe reader: JSONReader) throws(JSONFieldError) {
        let width = try reader.integer("width", atLeast: 1, atMost: 1 << 20)
        let heads = try reader.integer("heads", atLeast: 1, atMost: 1 << 16)
        guard width % heads == 0 else {
            throw reader.failure("heads", "\(heads) heads do not divide the width \(width)")
        }
        self.init(
            width: width,
            layerCount: try reader.integer("layers", atLeast: 1, atMost: 1 << 12),
            headCount: heads,
            feedForwardSize: try reader.integer("feed_forward", atLeast: 1, atMost: 1 << 22)
        )
    }
}
