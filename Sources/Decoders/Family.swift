internal import Basics
internal import Layers

/// The families of decoders; each has a file in `Families`.
package enum Family: String, Sendable, CaseIterable {
    case llama
    case mistral
    case qwen2
    case qwen3
    case chameleon
    case opt
    case cm3leon

    /// How the family spells its config and its weights.
    var definition: any FamilyDefinition.Type {
        switch self {
        case .llama: Llama.self
        case .mistral: Mistral.self
        case .qwen2: Qwen2.self
        case .qwen3: Qwen3.self
        case .chameleon: Chameleon.self
        case .opt: OPT.self
        case .cm3leon: CM3Leon.self
        }
    }

    /// The family of a config with this `model_type`, `nil` where it is of none.
    init?(modelType: String, _ reader: JSONReader) throws(JSONFieldError) {
        for family in Self.allCases where family.definition.modelType == modelType {
            if try family.definition.describes(reader) {
                self = family
                return
            }
        }
        return nil
    }

    /// The names that `model_type` may have, each once.
    package static var modelTypes: [String] {
        var types: [String] = []
        for type in allCases.map({ $0.definition.modelType }) where !types.contains(type) {
            types.append(type)
        }
        return types
    }

    /// What people call the family.
    package var title: String { definition.title }

    /// Whether several heads may share keys and values.
    package var groupsQueries: Bool { definition.groupsQueries }

    /// The sizes that have a name.
    package var namedSizes: [NamedSize] { definition.namedSizes }
}

/// A decoder of a size that people know by name.
package struct NamedSize: Sendable {
    /// The name, as `7B`.
    package let name: String
    /// The sizes.
    package let config: TowerConfig
}

/// What a family's file says, in this order: its parts, its config, its weights, its sizes.
protocol FamilyDefinition {
    /// What people call it.
    static var title: String { get }
    /// What `config.json` calls it.
    static var modelType: String { get }
    /// What the layers are made of, where a config does not say otherwise.
    static var parts: TowerParts { get }

    /// Whether several heads may share keys and values.
    static var groupsQueries: Bool { get }
    /// Whether a config with this `model_type` is of this family and not of another that shares it.
    static func describes(_ reader: JSONReader) throws(JSONFieldError) -> Bool
    /// Reads a `config.json`; what the family can say and we cannot do is refused by its name.
    static func config(_ reader: JSONReader) throws(JSONFieldError) -> TowerConfig
    /// Writes the members that ``config(_:)`` reads.
    static func json(_ config: TowerConfig) -> JSON.Object
    /// Members that are read and not written, because another says the same.
    static var otherKeys: [String] { get }

    /// The checkpoint's names of the weights.
    static var names: TowerNames { get }
    /// Whether a weight of a checkpoint belongs to another network, which is kept and not run.
    static func keepsApart(_ name: String) -> Bool
    /// What the weights are before training.
    static func fresh(layers: Int) -> FreshWeights

    /// The sizes that have a name.
    static var namedSizes: [NamedSize] { get }
}

extension FamilyDefinition {
    static var groupsQueries: Bool { true }
    static func describes(_ reader: JSONReader) throws(JSONFieldError) -> Bool { true }
    static var otherKeys: [String] { [] }
    static var names: TowerNames { TowerNames() }
    static func keepsApart(_ name: String) -> Bool { false }
    static func fresh(layers: Int) -> FreshWeights { .residualsScaled(layers: layers) }
}
