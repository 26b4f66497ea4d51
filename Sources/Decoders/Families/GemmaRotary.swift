internal import Basics
internal import Layers

/// Gemma 3's rotary positions: those of layers that attend to everything, and those of windowed layers.
///
/// `transformers` 5 writes an object per kind of layer in `rope_parameters`; earlier versions write
/// `rope_theta`, `rope_scaling` and `rope_local_base_freq`.
struct GemmaRotary {
    let full: PositionKind
    let windowed: PositionKind

    private static let bases = (full: 1_000_000.0, windowed: 10_000.0)

    init(_ reader: JSONReader, _ config: TowerConfig) throws(JSONFieldError) {
        let kinds = reader.has("rope_parameters") ? try reader.nested("rope_parameters") : nil
        // The base at the top level is that of one kind only.
        let nothing = try JSONReader(.object([:]), source: reader.source)
        func settings(_ kind: String, scaling: JSONReader?, defaultBase: Double)
            throws(JSONFieldError) -> PositionKind
        {
            let own = try kinds.flatMap { kinds throws(JSONFieldError) in
                kinds.has(kind) ? try kinds.nested(kind) : nil
            }
            let settings = RotarySettings(
                top: own ?? nothing,
                rope: scaling ?? own,
                context: config.contextLength,
                headWidth: config.headWidth
            )
            return try settings.positions(base: defaultBase)
        }
        let scaling = reader.has("rope_scaling") ? try reader.nested("rope_scaling") : nil
        let base = try reader.number("rope_theta", default: Self.bases.full)
        full = try settings("full_attention", scaling: scaling, defaultBase: base)
        let windowedBase = try reader.number("rope_local_base_freq", default: Self.bases.windowed)
        windowed = try settings("sliding_attention", scaling: nil, defaultBase: windowedBase)
    }

    /// Writes the earlier spelling, which all versions read, unless windowed layers are scaled.
    static func write(_ parts: TowerParts, to json: inout JSON.Object) {
        guard case .rotary(let base, let scaling, _) = parts.windowedPositions ?? parts.positions
        else { return }
        guard scaling != .none else {
            json["rope_local_base_freq"] = .number(base)
            return
        }
        json["rope_theta"] = nil
        json["rope_scaling"] = nil
        json["rope_parameters"] = [
            "full_attention": member(parts.positions),
            "sliding_attention": member(parts.windowedPositions ?? parts.positions),
        ]
    }

    private static func member(_ positions: PositionKind) -> JSON {
        guard case .rotary(let base, let scaling, _) = positions else { return .null }
        var object = RotarySettings.json(scaling) ?? ["rope_type": "default"]
        object["rope_theta"] = .number(base)
        return .object(object)
    }
}
