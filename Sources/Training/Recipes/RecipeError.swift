package import Basics

/// Why a recipe cannot be read as YAML, or an override cannot be put into it.
package enum RecipeError: UserError, Equatable {
    /// The file is larger or more deeply nested than any recipe.
    case tooLarge(source: String, limit: String)
    /// The text is not YAML.
    case syntax(source: String, problem: String)
    /// The text uses a feature that recipes do without.
    case unsupported(source: String, line: Int, feature: String)
    /// The text has no mapping at its top.
    case notMapping(source: String)
    /// An override is not `key=value`.
    case override(String)
    /// An override names a place that the recipe does not have.
    case place(override: String, problem: String)

    package var kind: ErrorKind {
        switch self {
        case .override: .invalidSetting
        default: .invalidConfiguration
        }
    }

    /// What was found, what was expected and what to do.
    package var description: String {
        switch self {
        case .tooLarge(let source, let limit): "\(source): has more than \(limit)"
        case .syntax(let source, let problem): "\(source): not valid YAML: \(problem)"
        case .unsupported(let source, let line, let feature):
            "\(source): line \(line): recipes have no \(feature); write the value out, or quote it"
        case .notMapping(let source):
            "\(source): a mapping of keys to values is expected, as in \"seed: 1\""
        case .override(let text):
            "--set \(text): key=value is expected, as schedule.learning_rate=3e-4"
        case .place(let override, let problem): "--set \(override): \(problem)"
        }
    }
}
