package import Basics
package import Checkpoints
package import Vision

/// The training of an image tokenizer.
package struct ImageTokenizerRecipe: Recipe, Equatable {
    package var header: RecipeHeader
    package var config: ConvVQConfig
    /// JSON Lines files or WebDataset archives, of which only the images are used.
    package var shards: [String]
    /// The most images that are read.
    package var limit: Int
    /// The number of images of one step.
    package var batchSize: Int
    package var losses: ImageTokenizerLosses
    /// The type of the trained weights.
    package var dtype: FloatFormat

    package static var defaultOptimizer: OptimizerOptions {
        OptimizerOptions(beta2: 0.99, weightDecay: 1e-4)
    }

    package init(_ reader: JSONReader, _ header: RecipeHeader) throws(JSONFieldError) {
        self.header = header
        if case .object? = reader.object["geometry"] {
            config = try ConvVQConfig(try reader.nested("geometry"))
        } else {
            let geometry: Geometry = try reader.choice("geometry")
            config = geometry == .paper ? .paper : .dictionary
        }
        shards = try reader.strings("shards")
        limit = try reader.integer("limit", default: .max, atLeast: 1)
        batchSize = try reader.integer("batch", atLeast: 1, atMost: 1 << 20)
        losses = try ImageTokenizerLosses(reader)
        dtype = try reader.choice("dtype", default: .float32)
    }

    private enum Geometry: String, CaseIterable {
        case dictionary
        case paper
    }
}

private enum CodebookUpdateName: String, CaseIterable {
    case ema
    case gradient
}

extension ImageTokenizerLosses {
    fileprivate init(_ reader: JSONReader) throws(JSONFieldError) {
        quantizationStart = try reader.integer(
            "quantization_start",
            default: quantizationStart,
            atLeast: 0
        )
        edgeWeight = try reader.nonNegative("edge_weight", default: edgeWeight)
        l2Weight = try reader.nonNegative("l2_weight", default: l2Weight)
        let update: CodebookUpdateName = try reader.choice("codebook", default: .ema)
        switch update {
        case .ema:
            guard !reader.has("codebook_weight") else {
                throw reader.failure("codebook_weight", "goes with \"codebook: gradient\"")
            }
        case .gradient:
            codebookUpdate = .gradient(
                weight: try reader.nonNegative("codebook_weight", default: 1)
            )
        }
        if reader.has("perceptual") {
            let reader = try reader.nested("perceptual")
            perceptual = Perceptual(
                reader.has("clip") ? .clip(folder: try reader.string("clip")) : .discriminator,
                weight: try reader.nonNegative("weight")
            )
        }
        if reader.has("discriminator") {
            let reader = try reader.nested("discriminator")
            discriminator = Discriminator(
                startStep: try reader.integer("start", atLeast: 0),
                weight: try reader.nonNegative("weight"),
                channels: try reader.integer("channels", default: 64, atLeast: 1, atMost: 4096)
            )
        }
        if perceptual?.features == .discriminator, discriminator == nil {
            throw reader.failure("perceptual", "without a CLIP folder it needs a discriminator")
        }
    }
}
