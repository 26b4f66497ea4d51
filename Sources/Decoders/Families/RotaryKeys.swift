internal import Basics
internal import Layers

/// The members of `config.json` about rotary positions, in all spellings that `transformers` 5 reads.
///
/// `rope_scaling`, unless it is empty, replaces `rope_parameters`; what they lack is at the top level.
struct RotaryKeys {
    let positions: PositionKind

    /// All spellings that are read; only some are written.
    static let all = [
        "rope_theta", "rope_scaling", "rope_parameters", "partial_rotary_factor",
    ]

    /// - Parameters:
    ///   - reader: the whole config.
    ///   - config: the sizes that are known already.
    ///   - base: the family's default base.
    ///   - originalContext: the family's default of `original_max_position_embeddings`; `nil` for the
    ///     context.
    ///   - rotatesShares: whether the family can rotate a part of each head.
    /// - Throws: an error about the member that is wrong or not supported.
    init(
        _ reader: JSONReader,
        _ config: TowerConfig,
        base: Double = 10_000,
        originalContext: Int? = nil,
        rotatesShares: Bool = false
    ) throws(JSONFieldError) {
        let rope = try Self.scalingReader(reader)
        let settings = RotarySettings(
            top: reader,
            rope: rope,
            context: config.contextLength,
            originalContext: originalContext,
            headWidth: config.headWidth
        )
        positions = try settings.positions(base: base, rotatesShares: rotatesShares)
    }

    private static func scalingReader(_ reader: JSONReader) throws(JSONFieldError) -> JSONReader? {
        for key in ["rope_scaling", "rope_parameters"] where reader.has(key) {
            let rope = try reader.nested(key)
            guard !rope.object.members.isEmpty else { continue }
            for kind in LayerTypes.known where rope.object[kind]?.kind == "an object" {
                throw rope.failure(kind, "positions by kind of layer are not supported here")
            }
            return rope
        }
        return nil
    }

    /// Writes the members that all versions of transformers read.
    static func write(_ positions: PositionKind, to json: inout JSON.Object) {
        guard case .rotary(let base, let scaling, let share) = positions else { return }
        json["rope_theta"] = .number(base)
        if share != 1 { json["partial_rotary_factor"] = .number(share) }
        if let object = RotarySettings.json(scaling) { json["rope_scaling"] = .object(object) }
    }
}
