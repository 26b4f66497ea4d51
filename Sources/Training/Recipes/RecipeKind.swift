internal import Basics

/// What a recipe trains.
public enum RecipeKind: Sendable {
    case languageModel
    case imageTokenizer
    case clip
}

/// Reads a recipe file with overrides; without a kind, its keys tell what it trains.
package func readRecipe(
    contentsOf path: String,
    overrides: [String] = [],
    kind: RecipeKind? = nil
) throws -> any Recipe {
    let json = try YAML.json(contentsOf: path, overrides: overrides)
    switch kind ?? RecipeKind(of: json) {
    case .languageModel: return try LanguageModelRecipe(json, source: path)
    case .imageTokenizer: return try ImageTokenizerRecipe(json, source: path)
    case .clip: return try CLIPRecipe(json, source: path)
    }
}

extension RecipeKind {
    fileprivate init(of json: JSON) {
        guard case .object(let object) = json, object["data"] == nil else {
            self = .languageModel
            return
        }
        self = object["geometry"] != nil ? .imageTokenizer : .clip
    }
}
