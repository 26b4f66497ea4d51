public import Basics
public import Checkpoints
public import Layers

/// The config of any model that `jam` knows, told apart by its `model_type`.
public enum DecoderConfig: Sendable, Equatable {
    /// A Llama, or two of them widened into one (`jam_width`).
    case llama(LlamaConfig)
    /// Two towers with bridges (`jam_cross`).
    case cross(CrossConfig)

    /// The names that `model_type` may have.
    public static let knownTypes = ["llama", "jam_width", "jam_cross"]

    /// Reads a `config.json`.
    public init(_ reader: JSONReader) throws(JSONFieldError) {
        let type = try reader.string("model_type")
        switch type {
        case "llama", "jam_width": self = .llama(try LlamaConfig(reader))
        case "jam_cross": self = .cross(try CrossConfig(reader))
        default:
            let known = Self.knownTypes.map { "\"\($0)\"" }.joined(separator: ", ")
            throw reader.failure("model_type", "\"\(type)\" is not known; known are \(known)")
        }
    }

    /// The `config.json` of the model.
    public var json: JSON.Object {
        switch self {
        case .llama(let config): config.json
        case .cross(let config): config.json
        }
    }

    /// V.
    public var vocabularySize: Int {
        switch self {
        case .llama(let config): config.vocabularySize
        case .cross(let config): config.text.vocabularySize
        }
    }

    /// The longest sequence that the model was made for.
    public var contextLength: Int {
        switch self {
        case .llama(let config): config.contextLength
        case .cross(let config): min(config.text.contextLength, config.image.contextLength)
        }
    }

    /// Makes the model at `scope`.
    public func model(_ scope: ParameterScope) throws -> any LanguageModel {
        switch self {
        case .llama(let config): try Llama(config, scope)
        case .cross(let config): try CrossDecoder(config, scope)
        }
    }

    /// The weights that the model states, without making any.
    public func declaration() throws -> [ParameterSpec] {
        try ParameterStore.declaration { try model($0) }
    }
}
