package import Basics

/// Why an optimizer cannot work on a model as it was told to.
package enum OptimizerError: UserError, Equatable {
    /// A rate factor is negative or no number.
    case factor(prefix: String, found: Double)
    /// A beginning fits the name of no weight.
    case prefix(String, examples: [String])
    /// Nothing may move.
    case allFrozen
    /// A saved state lacks a weight or has one of another shape.
    case state(name: String, problem: String)

    package var kind: ErrorKind {
        switch self {
        case .factor, .prefix, .allFrozen: .invalidConfiguration
        case .state: .malformedInput
        }
    }

    /// What was found, what was expected and what to do.
    package var description: String {
        switch self {
        case .factor(let prefix, let found):
            "the learning rate factor of \"\(prefix)\" is \(found); zero or more is expected"
        case .prefix(let prefix, let examples):
            "no weight has a name that begins with \"\(prefix)\"; names begin with "
                + examples.prefix(8).map { "\"\($0)\"" }.joined(separator: ", ")
        case .allFrozen: "all weights are frozen, so nothing can be learned"
        case .state(let name, let problem): "the saved optimizer: \(name): \(problem)"
        }
    }
}
