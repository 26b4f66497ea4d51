internal import Basics

// What recipes of all kinds say in the same way.

extension Schedule {
    /// Reads `peak`, `warm_up`, `steps`, `floor` and `shape`.
    init(_ reader: JSONReader) throws(JSONFieldError) {
        let peak = try reader.number("peak")
        guard peak > 0 else { throw reader.failure("peak", "\(peak) is not above 0") }
        let floor = try reader.number("floor", default: 0.1)
        guard (0...1).contains(floor) else {
            throw reader.failure("floor", "\(floor) is not a share from 0 to 1")
        }
        let steps = try reader.integer("steps", atLeast: 1, atMost: 1 << 40)
        self.init(
            peak: peak,
            warmUpSteps: try reader.integer("warm_up", default: 0, atLeast: 0, atMost: steps),
            stepCount: steps,
            floor: floor,
            shape: try reader.choice("shape", default: .cosine)
        )
    }
}

extension RunOptions {
    /// Reads `save_every` and `evaluate_every`.
    init(ofRecipe recipe: JSONReader) throws(JSONFieldError) {
        self.init(
            saveInterval: try recipe.integer("save_every", default: 500, atLeast: 1),
            evaluationInterval: try recipe.integer("evaluate_every", default: 500, atLeast: 1)
        )
    }
}

extension OptimizerOptions {
    /// Reads the member `optimizer` of a recipe, if it is there.
    init(ofRecipe recipe: JSONReader, default usual: OptimizerOptions = .init())
        throws(JSONFieldError)
    {
        self = usual
        guard recipe.has("optimizer") else { return }
        try self.init(try recipe.nested("optimizer"), default: usual)
    }

    /// Reads what is said; what is not is as in `usual`.
    init(_ reader: JSONReader, default usual: OptimizerOptions) throws(JSONFieldError) {
        self = usual
        method = try reader.choice("method", default: method)
        momentum = try reader.number("momentum", default: momentum)
        beta1 = try reader.number("beta1", default: beta1)
        beta2 = try reader.number("beta2", default: beta2)
        epsilon = try reader.number("epsilon", default: epsilon)
        decay = try reader.number("decay", default: decay)
        clipNorm = try reader.number("clip_norm", default: clipNorm)
        for (key, value) in [("beta1", beta1), ("beta2", beta2), ("momentum", momentum)]
        where !(0..<1).contains(value) {
            throw reader.failure(key, "\(value) is not from 0 to below 1")
        }
        for (key, value) in [("epsilon", epsilon), ("clip_norm", clipNorm)] where !(value > 0) {
            throw reader.failure(key, "\(value) is not above 0")
        }
        guard decay >= 0 else { throw reader.failure("decay", "\(decay) is below 0") }
        if reader.has("rates") {
            let rates = try reader.nested("rates")
            for prefix in rates.object.keys {
                rateFactors[prefix] = try rates.number(prefix)
            }
        }
    }
}
