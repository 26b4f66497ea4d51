public import Basics

/// Why the image tokenizer refuses what it was given.
public enum VisionError: UserError, Equatable {
    /// A size of a config is impossible, or does not fit another one.
    case configuration(field: String, problem: String)
    /// A picture has too few or too many codes.
    case codeCount(found: Int, expected: Int)
    /// A code is not in the codebook.
    case unknownCode(found: Int, count: Int)

    /// What kind of mistake it was.
    public var exitCode: ExitCode {
        switch self {
        case .configuration: .configuration
        case .codeCount, .unknownCode: .data
        }
    }

    /// What was found, what was expected, and what to do.
    public var description: String {
        switch self {
        case .configuration(let field, let problem): "image tokenizer config: \(field): \(problem)"
        case .codeCount(let found, let expected):
            "a picture has \(expected) codes, but \(found) were given"
        case .unknownCode(let found, let count):
            "there is no image code \(found); codes go from 0 to \(count - 1)"
        }
    }
}
