package import Basics
package import Checkpoints
package import Vision

/// The training of an image tokenizer as a YAML file says it.
package struct ImageTokenizerRecipe: Sendable, Equatable {
    /// The sizes of the network.
    package var config: ConvVQConfig
    /// Shards whose images are learned; whatever else they hold is passed over.
    package var shards: [String]
    /// How many images are read.
    package var limit: Int
    /// How many images of the end are held out and measured instead.
    package var heldOutCount: Int
    /// How it is trained.
    package var options: ImageTokenizerTrainingOptions
    /// The run's folder; the finished tokenizer is in `model` inside it.
    package var output: String
    /// How often the run is saved, and measured on what is held out.
    package var run: RunOptions
    /// What the finished tokenizer's weights are rounded to.
    package var storage: FloatFormat
    /// The recipe as it was read.
    package let json: JSON.Object

    private enum Geometry: String, CaseIterable {
        case dictionary
        case paper
    }

    private enum CodebookRuleName: String, CaseIterable {
        case ema
        case gradient
    }

    /// Reads a recipe file and puts overrides such as `steps=3000` into it.
    package init(contentsOf path: String, overrides: [String] = []) throws {
        try self.init(YAML.json(contentsOf: path, overrides: overrides), source: path)
    }

    /// Reads a recipe; every key must be known.
    package init(_ json: JSON, source: String) throws {
        guard case .object(let object) = json else { throw RecipeError.notMapping(source: source) }
        let reader = try JSONReader(json, source: source)
        if case .object? = object["geometry"] {
            config = try ConvVQConfig(try reader.nested("geometry"))
        } else {
            let geometry: Geometry = try reader.choice("geometry")
            config = geometry == .paper ? .paper : .dictionary
        }
        shards = try reader.strings("shards")
        limit = try reader.integer("limit", default: .max, atLeast: 1)
        heldOutCount = try reader.integer("held_out", default: 0, atLeast: 0)
        options = try Self.options(reader)
        output = try reader.string("output")
        run = try RunOptions(ofRecipe: reader)
        storage = try reader.choice("dtype", default: .float32)
        self.json = object
        try reader.finish()
    }

    private static func options(_ reader: JSONReader) throws(JSONFieldError)
        -> ImageTokenizerTrainingOptions
    {
        func weight(_ key: String, default value: Double) throws(JSONFieldError) -> Double {
            let weight = try reader.number(key, default: value)
            guard weight >= 0 else { throw reader.failure(key, "\(weight) is below 0") }
            return weight
        }
        var options = ImageTokenizerTrainingOptions(
            schedule: try Schedule(try reader.nested("schedule")),
            batchSize: try reader.integer("batch", atLeast: 1, atMost: 1 << 20),
            seed: UInt64(try reader.integer("seed", default: 0, atLeast: 0))
        )
        options.optimizer = try OptimizerOptions(ofRecipe: reader, default: options.optimizer)
        options.quantizationStart = try reader.integer(
            "quantization_start",
            default: options.quantizationStart,
            atLeast: 0
        )
        options.edgeWeight = try weight("edge_weight", default: options.edgeWeight)
        options.l2Weight = try weight("l2_weight", default: options.l2Weight)
        let rule: CodebookRuleName = try reader.choice("codebook", default: .ema)
        switch rule {
        case .ema:
            guard !reader.has("codebook_weight") else {
                throw reader.failure("codebook_weight", "goes with \"codebook: gradient\"")
            }
        case .gradient:
            options.codebookRule = .gradient(weight: try weight("codebook_weight", default: 1))
        }
        if reader.has("perceptual") {
            options.perceptual = try perceptual(try reader.nested("perceptual"))
        }
        if reader.has("discriminator") {
            let discriminator = try reader.nested("discriminator")
            let weight = try discriminator.number("weight")
            guard weight >= 0 else { throw discriminator.failure("weight", "\(weight) is below 0") }
            options.discriminator = .init(
                startStep: try discriminator.integer("start", atLeast: 0),
                weight: weight,
                channels: try discriminator.integer(
                    "channels",
                    default: 64,
                    atLeast: 1,
                    atMost: 4096
                )
            )
        }
        if options.perceptual?.features == .discriminator, options.discriminator == nil {
            throw reader.failure("perceptual", "without a CLIP folder it needs a discriminator")
        }
        return options
    }

    private static func perceptual(_ reader: JSONReader) throws(JSONFieldError)
        -> ImageTokenizerTrainingOptions.Perceptual
    {
        let weight = try reader.number("weight")
        guard weight >= 0 else { throw reader.failure("weight", "\(weight) is below 0") }
        let features: ImageTokenizerTrainingOptions.Perceptual.Features =
            reader.has("clip") ? .clip(folder: try reader.string("clip")) : .discriminator
        return .init(features, weight: weight)
    }
}
