internal import Basics
internal import Layers

/// The members of `config.json` about rotary positions.
struct RotaryKeys {
    let positions: PositionKind

    /// All spellings that are read; only some are written.
    static let all = ["rope_theta", "rope_scaling", "rope_parameters"]

    init(_ reader: JSONReader, context: Int) throws(JSONFieldError) {
        try Self.checkFactor(reader)
        let base: Double
        var scaling = RotaryScaling.none
        // transformers 5 has everything in `rope_parameters`; earlier versions have two members.
        if reader.has("rope_parameters") {
            let rope = try reader.nested("rope_parameters")
            try Self.checkFactor(rope)
            base = try rope.number("rope_theta", default: 10_000)
            scaling = try Self.scaling(rope, context: context)
        } else {
            base = try reader.number("rope_theta", default: 10_000)
            if reader.has("rope_scaling") {
                scaling = try Self.scaling(try reader.nested("rope_scaling"), context: context)
            }
        }
        guard base > 0, base.isFinite else {
            throw reader.failure("rope_theta", "\(base) is not above 0")
        }
        positions = .rotary(base: base, scaling: scaling)
    }

    private static func checkFactor(_ reader: JSONReader) throws(JSONFieldError) {
        let factor = try reader.number("partial_rotary_factor", default: 1)
        guard factor == 1 else {
            throw reader.failure("partial_rotary_factor", "\(factor) is not supported; 1 is")
        }
    }

    private static func scaling(_ rope: JSONReader, context: Int) throws(JSONFieldError)
        -> RotaryScaling
    {
        // Older checkpoints have `type`.
        let key = rope.has("rope_type") ? "rope_type" : "type"
        let kind = try rope.string(key, default: "default")
        switch kind {
        case "default": return .none
        case "llama3":
            func positive(_ key: String) throws(JSONFieldError) -> Double {
                let value = try rope.number(key)
                guard value > 0, value.isFinite else {
                    throw rope.failure(key, "\(value) is not above 0")
                }
                return value
            }
            let low = try positive("low_freq_factor")
            let high = try positive("high_freq_factor")
            guard high > low else {
                throw rope.failure(
                    "high_freq_factor",
                    "\(high) is not above low_freq_factor, which is \(low)"
                )
            }
            return .llama3(
                factor: try positive("factor"),
                lowFrequencyFactor: low,
                highFrequencyFactor: high,
                originalContext: try rope.integer(
                    "original_max_position_embeddings",
                    default: context,
                    atLeast: 1
                )
            )
        default:
            throw rope.failure(
                key,
                "\"\(kind)\" is not supported; \"default\" and \"llama3\" are"
            )
        }
    }

    /// Writes the members that all versions of transformers read.
    static func write(_ positions: PositionKind, to json: inout JSON.Object) {
        guard case .rotary(let base, let scaling) = positions else { return }
        json["rope_theta"] = .number(base)
        guard case .llama3(let factor, let low, let high, let context) = scaling else { return }
        json["rope_scaling"] = [
            "rope_type": "llama3",
            "factor": .number(factor),
            "low_freq_factor": .number(low),
            "high_freq_factor": .number(high),
            "original_max_position_embeddings": .integer(context),
        ]
    }
}
