package import Basics

/// Why a recipe is not valid YAML, or an override cannot be applied.
package enum RecipeError: UserError, Equatable {
    /// The file is too large or too deeply nested.
    case tooLarge(source: String, limit: String)
    case syntax(source: String, problem: String)
    /// The text uses a feature of YAML that recipes do not allow.
    case unsupported(source: String, line: Int, feature: String)
    case notMapping(source: String)
    /// An override is not `key=value`.
    case override(String)
    /// An override has a path that the recipe does not have.
    case place(override: String, problem: String)

    package var kind: ErrorKind {
        switch self {
        case .override: .invalidSetting
        default: .invalidConfiguration
        }
    }

    package var description: String {
        switch self {
        case .tooLarge(let source, let limit): "\(source): has more than \(limit)"
        case .syntax(let source, let problem): "\(source): not valid YAML: \(problem)"
        case .unsupported(let source, let line, let feature):
            "\(source): line \(line): recipes allow no \(feature); write the value out, or quote it"
        case .notMapping(let source):
            "\(source): a mapping of keys to values is expected, as in \"seed: 1\""
        case .override(let text):
            "\(text): key=value is expected, as in schedule.learning_rate=3e-4"
        case .place(let override, let problem): "\(override): \(problem)"
        }
    }
}
