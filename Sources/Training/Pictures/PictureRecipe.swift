public import Basics
public import Checkpoints
public import Vision

/// The training of an image tokenizer as a YAML file says it.
public struct PictureRecipe: Sendable, Equatable {
    /// The sizes of the network.
    public var config: ImageTokenizerConfig
    /// Shards whose pictures are learned; whatever else they hold is passed over.
    public var shards: [String]
    /// How many pictures are read.
    public var limit: Int
    /// How many pictures of the end are kept out and measured instead.
    public var heldOutCount: Int
    /// How it is trained.
    public var options: PictureTrainingOptions
    /// The run's folder; the finished tokenizer is in `model` inside it.
    public var output: String
    /// How often the run is saved, and measured on what is kept out.
    public var run: RunOptions
    /// What the finished tokenizer's weights are rounded to.
    public var storage: FloatFormat
    /// The recipe as it was read.
    public let json: JSON.Object

    private enum Geometry: String, CaseIterable {
        case dictionary
        case paper
    }

    private enum CodebookRuleName: String, CaseIterable {
        case averages
        case gradient
    }

    /// Reads a recipe file and puts overrides such as `steps=3000` into it.
    public init(contentsOf path: String, overrides: [String] = []) throws {
        try self.init(YAML.json(contentsOf: path, overrides: overrides), source: path)
    }

    /// Reads a recipe; every key must be known.
    public init(_ json: JSON, source: String) throws {
        guard case .object(let object) = json else { throw RecipeError.notMapping(source: source) }
        let reader = try JSONReader(json, source: source)
        if case .object? = object["geometry"] {
            config = try ImageTokenizerConfig(try reader.nested("geometry"))
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
        storage = try reader.choice("storage", default: .float32)
        self.json = object
        try reader.finish()
    }

    private static func options(_ reader: JSONReader) throws(JSONFieldError)
        -> PictureTrainingOptions
    {
        func weight(_ key: String, default value: Double) throws(JSONFieldError) -> Double {
            let weight = try reader.number(key, default: value)
            guard weight >= 0 else { throw reader.failure(key, "\(weight) is below 0") }
            return weight
        }
        var options = PictureTrainingOptions(
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
        options.squaredWeight = try weight("squared_weight", default: options.squaredWeight)
        let rule: CodebookRuleName = try reader.choice("codebook", default: .averages)
        switch rule {
        case .averages:
            guard !reader.has("codebook_weight") else {
                throw reader.failure("codebook_weight", "goes with \"codebook: gradient\"")
            }
        case .gradient:
            options.codebookRule = .gradient(weight: try weight("codebook_weight", default: 1))
        }
        if reader.has("perception") {
            options.perception = try perception(try reader.nested("perception"))
        }
        if reader.has("adversary") {
            let adversary = try reader.nested("adversary")
            let weight = try adversary.number("weight")
            guard weight >= 0 else { throw adversary.failure("weight", "\(weight) is below 0") }
            options.adversary = .init(
                startStep: try adversary.integer("start", atLeast: 0),
                weight: weight,
                channels: try adversary.integer("channels", default: 64, atLeast: 1, atMost: 4096)
            )
        }
        if options.perception?.features == .discriminator, options.adversary == nil {
            throw reader.failure("perception", "without a CLIP folder it needs an adversary")
        }
        return options
    }

    private static func perception(_ reader: JSONReader) throws(JSONFieldError)
        -> PictureTrainingOptions.Perception
    {
        let weight = try reader.number("weight")
        guard weight >= 0 else { throw reader.failure("weight", "\(weight) is below 0") }
        let features: PictureTrainingOptions.Perception.Features =
            reader.has("clip") ? .clip(folder: try reader.string("clip")) : .discriminator
        return .init(features, weight: weight)
    }
}
