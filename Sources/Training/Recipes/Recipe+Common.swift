internal import Basics

// What recipes of all kinds say in the same way.

extension Schedule {
    /// Reads `learning_rate`, `warmup_steps`, `steps`, `min_lr_ratio` and `shape`.
    init(_ reader: JSONReader) throws(JSONFieldError) {
        let learningRate = try reader.number("learning_rate")
        guard learningRate > 0 else {
            throw reader.failure("learning_rate", "\(learningRate) is not above 0")
        }
        let minimumRatio = try reader.number("min_lr_ratio", default: 0.1)
        guard (0...1).contains(minimumRatio) else {
            throw reader.failure("min_lr_ratio", "\(minimumRatio) is not a share from 0 to 1")
        }
        let steps = try reader.integer("steps", atLeast: 1, atMost: 1 << 40)
        self.init(
            learningRate: learningRate,
            warmupSteps: try reader.integer("warmup_steps", default: 0, atLeast: 0, atMost: steps),
            stepCount: steps,
            minimumRatio: minimumRatio,
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
        weightDecay = try reader.number("weight_decay", default: weightDecay)
        clipNorm = try reader.number("clip_norm", default: clipNorm)
        for (key, value) in [("beta1", beta1), ("beta2", beta2), ("momentum", momentum)]
        where !(0..<1).contains(value) {
            throw reader.failure(key, "\(value) is not from 0 to below 1")
        }
        for (key, value) in [("epsilon", epsilon), ("clip_norm", clipNorm)] where !(value > 0) {
            throw reader.failure(key, "\(value) is not above 0")
        }
        guard weightDecay >= 0 else {
            throw reader.failure("weight_decay", "\(weightDecay) is below 0")
        }
        if reader.has("lr_multipliers") {
            let multipliers = try reader.nested("lr_multipliers")
            for prefix in multipliers.object.keys {
                learningRateMultipliers[prefix] = try multipliers.number(prefix)
            }
        }
    }
}
