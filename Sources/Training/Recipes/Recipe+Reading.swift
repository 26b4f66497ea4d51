internal import Basics
import Foundation

extension Recipe {
    /// Reads the file at `path` and puts overrides, as `schedule.peak=3e-4`, into it.
    public init(contentsOf path: String, overrides: [String] = []) throws {
        let file = try MappedFile(path)
        let text = withExtendedLifetime(file) { String(validating: file.bytes, as: UTF8.self) }
        guard let text else { throw RecipeError.syntax(source: path, problem: "it is not UTF-8") }
        try self.init(parsing: text, source: path, overrides: overrides)
    }

    /// Reads a YAML text that came from `source`.
    ///
    /// - Throws: ``RecipeError`` for what is not YAML, `JSONFieldError` for a field that is missing,
    ///   unknown or wrong.
    public init(parsing text: String, source: String, overrides: [String] = []) throws {
        guard case .object(var object) = try YAML.json(parsing: text, source: source) else {
            throw RecipeError.notMapping(source: source)
        }
        for override in overrides { try object.set(override) }
        try self.init(object, source: source)
    }

    private init(_ object: JSON.Object, source: String) throws(JSONFieldError) {
        let reader = try JSONReader(.object(object), source: source)
        self.source = source
        json = object
        start = try Start(reader)
        if case .folder(let folder) = start {
            tokenizer = try reader.string("tokenizer", default: folder)
        } else {
            tokenizer = try reader.string("tokenizer")
        }
        pictures = reader.has("pictures") ? try reader.string("pictures") : nil
        data = []
        for element in try reader.objects("data") { data.append(try Data(element)) }
        guard !data.isEmpty else { throw reader.failure("data", "at least one source is expected") }
        heldOut = reader.has("held_out") ? try HeldOut(reader.nested("held_out")) : nil
        training = TrainingOptions(
            schedule: try Schedule(reader.nested("schedule")),
            sizes: try BatchSizes(reader.nested("batch")),
            optimizer: reader.has("optimizer")
                ? try OptimizerOptions(reader.nested("optimizer")) : OptimizerOptions()
        )
        seed = UInt64(try reader.integer("seed", default: 1, atLeast: 0))
        output = try reader.string("output")
        saveEvery = try reader.integer("save_every", default: 1000, atLeast: 1)
        keep = try reader.integer("keep", default: 2, atLeast: 2)
        try reader.finish()
    }
}

extension Recipe.Start {
    init(_ reader: JSONReader) throws(JSONFieldError) {
        guard case .object? = reader.object["model"] else {
            self = .folder(try reader.string("model"))
            return
        }
        let model = try reader.nested("model")
        let family = try model.string("new")
        guard family == "llama" else {
            throw model.failure("new", "\"\(family)\" is not known; known is \"llama\"")
        }
        let width = try model.integer("width", atLeast: 2)
        let heads = try model.integer("heads", atLeast: 1)
        let keyValueHeads = try model.integer("key_value_heads", default: heads, atLeast: 1)
        guard width.isMultiple(of: heads), (width / heads).isMultiple(of: 2) else {
            throw model.failure(
                "heads",
                "\(heads) does not divide the width \(width) into heads of even width"
            )
        }
        guard heads.isMultiple(of: keyValueHeads) else {
            throw model.failure("key_value_heads", "\(keyValueHeads) does not divide \(heads) heads")
        }
        self = .llama(
            Recipe.LlamaSizes(
                width: try model.bounded(width, "width"),
                layers: try model.bounded(model.integer("layers", atLeast: 1), "layers"),
                heads: heads,
                keyValueHeads: keyValueHeads,
                feedForward: try model.bounded(
                    model.integer("feed_forward", atLeast: 1),
                    "feed_forward"
                ),
                tied: try model.bool("tied", default: false)
            )
        )
    }
}

extension Recipe.Data {
    init(_ reader: JSONReader) throws(JSONFieldError) {
        paths = try reader.strings("paths")
        name = try reader.string(
            "name",
            default: URL(filePath: paths[0]).deletingPathExtension().lastPathComponent
        )
        objective = try Objective(reader)
        weight = reader.has("weight") ? try reader.positive("weight") : nil
    }
}

extension Recipe.HeldOut {
    init(_ reader: JSONReader) throws(JSONFieldError) {
        paths = try reader.strings("paths")
        objective = try Objective(reader)
        every = try reader.integer("every", atLeast: 1)
    }
}

extension Objective {
    private enum Name: String, CaseIterable {
        case causal, cm3, instruct
    }

    init(_ reader: JSONReader) throws(JSONFieldError) {
        let name: Name = try reader.choice("objective")
        switch name {
        case .causal: self = .causal
        case .cm3:
            self = .cm3(
                CM3Options(
                    maskedShare: try reader.share("masked_share", default: 1),
                    wholeTextShare: try reader.share("whole_text_share", default: 0)
                )
            )
        case .instruct:
            self = .instruct(
                InstructOptions(textDropShare: try reader.share("text_drop_share", default: 0))
            )
        }
    }
}

extension Schedule {
    init(_ reader: JSONReader) throws(JSONFieldError) {
        let stepCount = try reader.bounded(reader.integer("steps", atLeast: 1), "steps")
        self.init(
            peak: try reader.positive("peak"),
            warmUpSteps: try reader.integer("warm_up", default: 0, atLeast: 0),
            stepCount: stepCount,
            floor: try reader.share("floor", default: 0.1),
            shape: try reader.choice("shape", default: .cosine)
        )
    }
}

extension BatchSizes {
    init(_ reader: JSONReader) throws(JSONFieldError) {
        let perStep = try reader.bounded(
            reader.integer("tokens_per_step", atLeast: 1),
            "tokens_per_step"
        )
        self.init(
            tokensPerStep: perStep,
            tokensPerPass: try reader.integer("tokens_per_pass", default: perStep, atLeast: 1),
            contextLength: try reader.bounded(reader.integer("context", atLeast: 2), "context")
        )
    }
}

extension OptimizerOptions {
    init(_ reader: JSONReader) throws(JSONFieldError) {
        let usual = OptimizerOptions()
        self.init(
            beta1: try reader.share("beta1", default: usual.beta1),
            beta2: try reader.share("beta2", default: usual.beta2),
            epsilon: try reader.number("epsilon", default: usual.epsilon),
            decay: try reader.number("decay", default: usual.decay),
            clipNorm: try reader.has("clip") ? reader.positive("clip") : usual.clipNorm
        )
        if reader.has("rates") {
            let rates = try reader.nested("rates")
            for key in rates.object.keys { rateFactors[key] = try rates.number(key) }
        }
        if reader.has("freeze") {
            for prefix in try reader.strings("freeze") { rateFactors[prefix] = 0 }
        }
    }
}
