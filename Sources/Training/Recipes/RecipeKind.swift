internal import Basics

/// What a recipe trains.
public enum RecipeKind: Sendable {
    case languageModel
    case imageTokenizer
    case clip
}

/// Reads a recipe file with overrides; without a kind, its keys tell what it trains.
///
/// - Throws: `JSONFieldError` for a recipe that is malformed or of another kind.
package func readRecipe(
    contentsOf path: String,
    overrides: [String] = [],
    kind: RecipeKind? = nil
) throws -> any Recipe {
    let json = try YAML.json(contentsOf: path, overrides: overrides)
    let found = RecipeKind(of: json)
    // A recipe without the keys of any kind lacks one of its own, which its reader names.
    if let kind, let found, found != kind {
        throw JSONFieldError(
            source: path,
            field: "(top)",
            problem: "\(kind.noun) is expected, found the recipe of \(found.noun)"
        )
    }
    switch kind ?? found ?? .clip {
    case .languageModel: return try LanguageModelRecipe(json, source: path)
    case .imageTokenizer: return try ImageTokenizerRecipe(json, source: path)
    case .clip: return try CLIPRecipe(json, source: path)
    }
}

extension RecipeKind {
    /// The kind whose keys a recipe has; `nil` without any of them.
    fileprivate init?(of json: JSON) {
        guard let object = json.objectValue else { return nil }
        if object.has("data") {
            self = .languageModel
        } else if object.has("geometry") {
            self = .imageTokenizer
        } else if object.has("shards"), object.has("model") {
            self = .clip
        } else {
            return nil
        }
    }

    fileprivate var noun: String {
        switch self {
        case .languageModel: "a language model"
        case .imageTokenizer: "an image tokenizer"
        case .clip: "CLIP"
        }
    }
}
