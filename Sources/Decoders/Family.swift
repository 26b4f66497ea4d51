internal import Basics
internal import Layers

/// The decoder families; each has a file in `Families`.
package enum Family: String, Sendable, CaseIterable {
    case llama
    case mistral
    case qwen2
    case qwen3
    case chameleon
    case opt
    case cm3leon
    case gemma3
    case smollm3
    case olmo2
    case phi3
    case granite
    case emu3

    var definition: any FamilyDefinition.Type {
        switch self {
        case .llama: Llama.self
        case .mistral: Mistral.self
        case .qwen2: Qwen2.self
        case .qwen3: Qwen3.self
        case .chameleon: Chameleon.self
        case .opt: OPT.self
        case .cm3leon: CM3Leon.self
        case .gemma3: Gemma3.self
        case .smollm3: SmolLM3.self
        case .olmo2: OLMo2.self
        case .phi3: Phi3.self
        case .granite: Granite.self
        case .emu3: Emu3.self
        }
    }

    /// The family of a config with this `model_type`; `nil` if there is none.
    init?(modelType: String, _ reader: JSONReader) throws(JSONFieldError) {
        for family in Self.allCases where family.definition.allModelTypes.contains(modelType) {
            if try family.definition.describes(reader) {
                self = family
                return
            }
        }
        return nil
    }

    /// The known values of `model_type`, each once.
    package static var modelTypes: [String] {
        var types: [String] = []
        for type in allCases.flatMap({ $0.definition.allModelTypes }) where !types.contains(type) {
            types.append(type)
        }
        return types
    }

    /// The family's name in prose.
    package var title: String { definition.title }

    /// Whether the family has grouped-query attention.
    package var groupsQueries: Bool { definition.groupsQueries }
}

/// A family's parts, config and weights, in this order.
protocol FamilyDefinition {
    static var title: String { get }
    static var modelType: String { get }
    /// Other types that are read, and written as ``modelType``.
    static var otherModelTypes: [String] { get }
    /// The defaults, unless a config says otherwise.
    static var parts: TowerParts { get }

    static var groupsQueries: Bool { get }
    /// Whether a config with this `model_type` is of this family and not of another that shares it.
    static func describes(_ reader: JSONReader) throws(JSONFieldError) -> Bool
    /// The object with the members of the text model.
    static func members(_ reader: JSONReader) throws(JSONFieldError) -> JSONReader
    /// Reads the members; the error for an unsupported option names it.
    static func config(_ reader: JSONReader) throws(JSONFieldError) -> TowerConfig
    /// Writes the members that ``config(_:)`` reads.
    static func json(_ config: TowerConfig) -> JSON.Object
    /// Members that are read but not written, because others replace them.
    static var otherKeys: [String] { get }

    static var names: TowerNames { get }
    /// Whether a weight belongs to another network of the checkpoint, which is kept but not run.
    static func isAuxiliary(_ name: String) -> Bool
    /// Whether a weight is of a part that is neither run nor kept.
    static func leavesOut(_ name: String) -> Bool
    static func initialization(layers: Int) -> InitializationScheme
}

extension FamilyDefinition {
    static var otherModelTypes: [String] { [] }
    static var allModelTypes: [String] { [modelType] + otherModelTypes }
    static var groupsQueries: Bool { true }
    static func members(_ reader: JSONReader) throws(JSONFieldError) -> JSONReader { reader }
    static func describes(_ reader: JSONReader) throws(JSONFieldError) -> Bool { true }
    static var otherKeys: [String] { RotaryKeys.all }
    static var names: TowerNames { TowerNames() }
    static func isAuxiliary(_ name: String) -> Bool { false }
    static func leavesOut(_ name: String) -> Bool { false }
    static func initialization(layers: Int) -> InitializationScheme {
        .scaledResiduals(layers: layers)
    }
}
