package import Basics
package import Checkpoints
package import Layers

/// The config of any known model, by its `model_type`.
package enum DecoderConfig: Sendable, Equatable {
    /// A decoder of one family, or two concatenated along the hidden size (`jam_width`).
    case tower(TowerConfig)
    /// Two towers with bridges (`jam_cross`).
    case cross(CrossConfig)

    static let knownTypes =
        Family.modelTypes + [TowerConfig.widthType, CrossConfig.modelType]

    package init(_ reader: JSONReader) throws(JSONFieldError) {
        let type = try reader.string("model_type")
        guard Self.knownTypes.contains(type) else {
            let known = Self.knownTypes.quotedList
            throw reader.failure("model_type", "\"\(type)\" is not known; known are \(known)")
        }
        self =
            type == CrossConfig.modelType
            ? .cross(try CrossConfig(reader)) : .tower(try TowerConfig(reader))
    }

    package var json: JSON.Object {
        switch self {
        case .tower(let config): config.json
        case .cross(let config): config.json
        }
    }

    package var vocabularySize: Int { towers[0].config.vocabularySize }

    /// The longest sequence of the model: the shortest of its towers', or the text tower's where that
    /// keeps its own words, and the image tower has rotary positions, which go on beyond its context.
    package var contextLength: Int {
        let limits = towers.map { min($0.config.contextLength, $0.config.positionLimit ?? .max) }
        guard case .cross(let cross) = self, cross.reads.text == .own,
            cross.image.positionLimit == nil
        else { return limits.min() ?? 0 }
        return limits[0]
    }

    /// Checks that the model has positions for a sequence of `count` tokens; rotary positions go
    /// beyond the context of pretraining.
    package func checkPositions(_ count: Int) throws(DecoderError) {
        for tower in towers {
            guard let limit = tower.config.positionLimit, count > limit else { continue }
            throw .positions(asked: count, limit: limit, family: tower.config.family.title)
        }
    }

    /// The rows of tables and heads that a fusion added; empty if the config states none.
    package var addedRows: Range<Int> {
        let others =
            switch self {
            case .tower(let config): config.others
            case .cross(let config): config.others
            }
        guard case .array(let pair)? = others[Self.addedTokensKey], pair.count == 2,
            case .integer(let first) = pair[0], case .integer(let last) = pair[1],
            first >= 0, first <= last, last < vocabularySize
        else { return 0..<0 }
        return first..<last + 1
    }

    /// The member of `config.json` with the first and the last token that a fusion added.
    package static let addedTokensKey = "added_tokens"

    package func model(_ scope: ParameterScope) throws -> any LanguageModel {
        switch self {
        case .tower(let config): try Decoder(config, scope)
        case .cross(let config): try CrossDecoder(config, scope)
        }
    }

    /// Whether a checkpoint may have this weight although no layer uses it.
    package func allowsUnused(_ name: String) -> Bool {
        switch self {
        case .tower(let config): config.allowsUnused(name)
        case .cross(let config): config.allowsUnused(name)
        }
    }

    /// Whether a weight belongs to another network of the checkpoint, which is kept but not run.
    package func isAuxiliary(_ name: String) -> Bool {
        towers.contains { tower in
            name.hasPrefix(tower.path)
                && tower.config.isAuxiliary(String(name.dropFirst(tower.path.count)))
        }
    }

    /// The towers and the prefixes of their weights.
    package var towers: [(path: String, config: TowerConfig)] {
        switch self {
        case .tower(let config): [("", config)]
        case .cross(let config): config.towers
        }
    }

    /// The weights that the model declares, without creating them.
    package func declaration() throws -> [ParameterSpec] {
        try ParameterStore.declaration { try model($0) }
    }
}
