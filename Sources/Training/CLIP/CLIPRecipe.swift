package import Basics
package import Checkpoints
package import Vision

/// The training of a CLIP model as a YAML file says it.
package struct CLIPRecipe: Sendable, Equatable {
    /// What a run begins with.
    package enum Start: Sendable, Equatable {
        /// A CLIP folder, with its tokenizer and its preprocessing.
        case folder(String)
        /// Fresh weights of these sizes, and a text tokenizer, which is made to end texts.
        case fresh(Sizes, tokenizer: String)
    }

    /// The sizes of a new model.
    package struct Sizes: Sendable, Equatable {
        /// The transformer that reads texts.
        package var text: CLIPConfig.Transformer
        /// The most tokens of a text.
        package var contextLength: Int
        /// The transformer that sees images.
        package var vision: CLIPConfig.Transformer
        /// Pixels on each side of an image.
        package var imageSize: Int
        /// Pixels on each side of a patch.
        package var patchSize: Int
        /// The numbers of a vector.
        package var projectionSize: Int
    }

    /// What the run begins with.
    package var start: Start
    /// Shards whose images are learned with the texts beside them.
    package var shards: [String]
    /// How many pairs are read.
    package var limit: Int
    /// How many pairs of the end are held out and measured instead.
    package var heldOutCount: Int
    /// How it is trained.
    package var options: CLIPTraining.Options
    /// The run's folder; the finished model is in `model` inside it.
    package var output: String
    /// How often the run is saved, and measured on what is held out.
    package var run: RunOptions
    /// What the finished weights are rounded to.
    package var storage: FloatFormat
    /// The recipe as it was read.
    package let json: JSON.Object

    /// Reads a recipe file and puts overrides such as `batch=64` into it.
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
        if model.has("from"), reader.has("tokenizer") {
            throw reader.failure("tokenizer", "a model from a folder brings its own; leave it out")
        }
        start =
            model.has("from")
            ? .folder(try model.string("from"))
            : .fresh(
                try Sizes(try model.nested("new")),
                tokenizer: try reader.string("tokenizer")
            )
        shards = try reader.strings("shards")
        limit = try reader.integer("limit", default: .max, atLeast: 1)
        heldOutCount = try reader.integer("held_out", default: 0, atLeast: 0, atMost: 1 << 40)
        options = CLIPTraining.Options(
            schedule: try Schedule(try reader.nested("schedule")),
            batchSize: try reader.integer("batch", atLeast: 2, atMost: 1 << 20),
            seed: UInt64(try reader.integer("seed", default: 0, atLeast: 0))
        )
        options.optimizer = try OptimizerOptions(ofRecipe: reader, default: options.optimizer)
        output = try reader.string("output")
        run = try RunOptions(ofRecipe: reader)
        storage = try reader.choice("dtype", default: .float32)
        self.json = object
        try reader.finish()
    }
}

extension CLIPRecipe.Sizes {
    fileprivate init(_ reader: JSONReader) throws(JSONFieldError) {
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
