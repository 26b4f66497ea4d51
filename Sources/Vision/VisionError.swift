public import Basics

/// Why the image tokenizer refuses what it was given.
public enum VisionError: UserError, Equatable {
    /// A size of a config is impossible, or does not fit another one.
    case configuration(field: String, problem: String)
    /// A picture has too few or too many codes.
    case codeCount(found: Int, expected: Int)
    /// A code is not in the codebook.
    case unknownCode(found: Int, count: Int)
    /// A training option is out of its range.
    case option(name: String, problem: String)
    /// A saved state of training does not fit this training.
    case state(problem: String)
    /// The loss is no finite number any more.
    case diverged(step: Int)

    /// What kind of mistake it was.
    public var exitCode: ExitCode {
        switch self {
        case .configuration, .option: .configuration
        case .codeCount, .unknownCode, .state, .diverged: .data
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
        case .option(let name, let problem): "image tokenizer training: \(name): \(problem)"
        case .state(let problem):
            "the saved state does not belong to this training: \(problem); "
                + "resume with the config that it was begun with"
        case .diverged(let step):
            "the loss is not finite at step \(step); use a lower learning rate"
        }
    }
}
