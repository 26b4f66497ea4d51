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
        self.init(
            peak: peak,
            warmUpSteps: try reader.integer(
                "warm_up",
                default: 0,
                atLeast: 0,
                atMost: 1 << 40
            ),
            stepCount: try reader.integer("steps", atLeast: 1, atMost: 1 << 40),
            floor: floor,
            shape: try reader.choice("shape", default: .cosine)
        )
    }
}

extension OptimizerOptions {
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
        guard (0..<1).contains(beta1), (0..<1).contains(beta2) else {
            throw reader.failure("beta1", "the betas are from 0 to below 1")
        }
        guard (0..<1).contains(momentum) else {
            throw reader.failure("momentum", "\(momentum) is not from 0 to below 1")
        }
        guard epsilon > 0, decay >= 0, clipNorm > 0 else {
            throw reader.failure("epsilon", "epsilon and clip_norm are above 0, decay at least 0")
        }
        if reader.has("rates") {
            let rates = try reader.nested("rates")
            for prefix in rates.object.keys {
                rateFactors[prefix] = try rates.number(prefix)
            }
        }
    }
}
