internal import Basics
internal import Layers

/// One set of rotary settings: those of all layers, or those of one kind of layer.
struct RotarySettings {
    /// The whole config, for what `rope` lacks.
    let top: JSONReader
    /// The object with the kind of scaling, if there is one.
    let rope: JSONReader?
    let context: Int
    /// The family's default of `original_max_position_embeddings`, which comes before that in `rope`.
    var originalContext: Int?
    let headWidth: Int

    func positions(base fallback: Double, rotatesShares: Bool = false) throws(JSONFieldError)
        -> PositionKind
    {
        let share = try number("partial_rotary_factor", default: 1)
        guard share == 1 || rotatesShares && share > 0 && share < 1 else {
            throw reader(of: "partial_rotary_factor").failure(
                "partial_rotary_factor",
                "\(share) is not supported; 1 is"
            )
        }
        let base = try number("rope_theta", default: fallback)
        guard base > 0, base.isFinite else {
            throw reader(of: "rope_theta").failure("rope_theta", "\(base) is not above 0")
        }
        let width = Int(Double(headWidth) * share)
        guard width % 2 == 0, width > 0 else {
            throw reader(of: "partial_rotary_factor").failure(
                share == 1 ? "head_dim" : "partial_rotary_factor",
                "rotates \(width) elements of each head; an even number is needed"
            )
        }
        return .rotary(base: base, scaling: try scaling(width: width), share: share)
    }

    /// The object that has a member: what is in `rope` comes first.
    private func reader(of key: String) -> JSONReader {
        if let rope, rope.has(key) { return rope }
        return top
    }

    private func number(_ key: String, default fallback: Double) throws(JSONFieldError) -> Double {
        try reader(of: key).number(key, default: fallback)
    }

    private func positive(_ rope: JSONReader, _ key: String, default fallback: Double? = nil)
        throws(JSONFieldError) -> Double
    {
        let value = try rope.number(key, default: rope.has(key) ? nil : fallback)
        guard value > 0, value.isFinite else {
            throw rope.failure(key, "\(value) is not above 0")
        }
        return value
    }

    private func scaling(width: Int) throws(JSONFieldError) -> RotaryScaling {
        guard let rope else { return .none }
        // Older checkpoints have `type`.
        let key = rope.has("rope_type") ? "rope_type" : "type"
        let kind = try rope.string(key, default: "default")
        switch kind {
        case "default": return .none
        case "linear": return .linear(factor: try positive(rope, "factor"))
        case "dynamic": return .dynamic(factor: try positive(rope, "factor"))
        case "llama3": return try llama3(rope)
        case "yarn": return try yarn(rope)
        // The first name of LongRoPE.
        case "longrope", "su": return try longRope(rope, width: width)
        default:
            let known = ["default", "linear", "dynamic", "llama3", "yarn", "longrope"].quotedList
            throw rope.failure(key, "\"\(kind)\" is not known; known are \(known)")
        }
    }

    private func originalContext(_ rope: JSONReader) throws(JSONFieldError) -> Int {
        let key = "original_max_position_embeddings"
        if let originalContext, !top.has(key) { return originalContext }
        let source = top.has(key) ? top : rope
        return try source.integer(key, default: context, atLeast: 1, atMost: 1 << 30)
    }

    private func llama3(_ rope: JSONReader) throws(JSONFieldError) -> RotaryScaling {
        let low = try positive(rope, "low_freq_factor")
        let high = try positive(rope, "high_freq_factor")
        guard high > low else {
            throw rope.failure(
                "high_freq_factor",
                "\(high) is not above low_freq_factor, which is \(low)"
            )
        }
        return .llama3(
            factor: try positive(rope, "factor"),
            lowFrequencyFactor: low,
            highFrequencyFactor: high,
            originalContext: try originalContext(rope)
        )
    }

    private func yarn(_ rope: JSONReader) throws(JSONFieldError) -> RotaryScaling {
        let original = try originalContext(rope)
        let factor = try positive(rope, "factor", default: Double(context) / Double(original))
        var attentionFactor = YarnScaling.attentionFactor(of: factor)
        if rope.has("mscale"), rope.has("mscale_all_dim") {
            let scales = (try rope.number("mscale"), try rope.number("mscale_all_dim"))
            if scales.0 != 0, scales.1 != 0 {
                attentionFactor =
                    YarnScaling.attentionFactor(of: factor, times: scales.0)
                    / YarnScaling.attentionFactor(of: factor, times: scales.1)
            }
        }
        return .yarn(
            YarnScaling(
                factor: factor,
                attentionFactor: try positive(rope, "attention_factor", default: attentionFactor),
                fastTurns: try positive(rope, "beta_fast", default: 32),
                slowTurns: try positive(rope, "beta_slow", default: 1),
                originalContext: original,
                rounds: try rope.bool("truncate", default: true)
            )
        )
    }

    private func longRope(_ rope: JSONReader, width: Int) throws(JSONFieldError) -> RotaryScaling {
        func factors(_ key: String) throws(JSONFieldError) -> [Double] {
            let values = try rope.array(key).compactMap(\.double)
            guard values.count == width / 2, values.allSatisfy({ $0 > 0 && $0.isFinite }) else {
                throw rope.failure(key, "\(width / 2) numbers above 0 are expected")
            }
            return values
        }
        let original = try originalContext(rope)
        let factor = try positive(rope, "factor", default: Double(context) / Double(original))
        let attentionFactor = LongRopeScaling.attentionFactor(
            of: factor,
            originalContext: original
        )
        return .longRope(
            LongRopeScaling(
                shortFactors: try factors("short_factor"),
                longFactors: try factors("long_factor"),
                attentionFactor: try positive(rope, "attention_factor", default: attentionFactor),
                originalContext: original
            )
        )
    }
}

extension RotarySettings {
    /// The members about a scaling; `nil` for none.
    static func json(_ scaling: RotaryScaling) -> JSON.Object? {
        switch scaling {
        case .none: nil
        case .linear(let factor): ["rope_type": "linear", "factor": .number(factor)]
        case .dynamic(let factor): ["rope_type": "dynamic", "factor": .number(factor)]
        case .llama3(let factor, let low, let high, let context):
            [
                "rope_type": "llama3",
                "factor": .number(factor),
                "low_freq_factor": .number(low),
                "high_freq_factor": .number(high),
                "original_max_position_embeddings": .integer(context),
            ]
        case .yarn(let yarn):
            [
                "rope_type": "yarn",
                "factor": .number(yarn.factor),
                "attention_factor": .number(yarn.attentionFactor),
                "beta_fast": .number(yarn.fastTurns),
                "beta_slow": .number(yarn.slowTurns),
                "original_max_position_embeddings": .integer(yarn.originalContext),
                "truncate": .bool(yarn.rounds),
            ]
        case .longRope(let rope):
            [
                "rope_type": "longrope",
                "short_factor": .array(rope.shortFactors.map(JSON.number)),
                "long_factor": .array(rope.longFactors.map(JSON.number)),
                "attention_factor": .number(rope.attentionFactor),
                "original_max_position_embeddings": .integer(rope.originalContext),
            ]
        }
    }
}

extension JSON {
    fileprivate var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}
