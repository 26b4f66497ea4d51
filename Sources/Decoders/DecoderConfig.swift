package import Basics
package import Checkpoints
package import Layers

/// The config of any model that `jam` knows, told apart by its `model_type`.
package enum DecoderConfig: Sendable, Equatable {
    /// A decoder of one family, or two of them widened into one (`jam_width`).
    case tower(TowerConfig)
    /// Two towers with bridges (`jam_cross`).
    case cross(CrossConfig)

    /// The names that `model_type` may have.
    package static let knownTypes =
        Family.modelTypes + [TowerConfig.widthType, CrossConfig.modelType]

    /// Reads a `config.json`.
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

    /// The `config.json` of the model.
    package var json: JSON.Object {
        switch self {
        case .tower(let config): config.json
        case .cross(let config): config.json
        }
    }

    /// V.
    package var vocabularySize: Int {
        switch self {
        case .tower(let config): config.vocabularySize
        case .cross(let config): config.text.vocabularySize
        }
    }

    /// The longest sequence that the model was made for.
    package var contextLength: Int {
        switch self {
        case .tower(let config): config.contextLength
        case .cross(let config): min(config.text.contextLength, config.image.contextLength)
        }
    }

    /// Makes the model at `scope`.
    package func model(_ scope: ParameterScope) throws -> any LanguageModel {
        switch self {
        case .tower(let config): try Decoder(config, scope)
        case .cross(let config): try CrossDecoder(config, scope)
        }
    }

    /// Whether a checkpoint of the model may have a weight that no layer asks for.
    package func mayLeaveOver(_ name: String) -> Bool {
        switch self {
        case .tower(let config): config.mayLeaveOver(name)
        case .cross(let config): config.mayLeaveOver(name)
        }
    }

    /// Whether a weight belongs to another network in the same folder, which is kept and not run.
    package func keepsApart(_ name: String) -> Bool {
        towers.contains { tower in
            name.hasPrefix(tower.path)
                && tower.config.keepsApart(String(name.dropFirst(tower.path.count)))
        }
    }

    /// The decoders that the model is made of, and where their weights are.
    package var towers: [(path: String, config: TowerConfig)] {
        switch self {
        case .tower(let config): [("", config)]
        case .cross(let config): config.towers
        }
    }

    /// The weights that the model states, without making any.
    package func declaration() throws -> [ParameterSpec] {
        try ParameterStore.declaration { try model($0) }
    }
}
