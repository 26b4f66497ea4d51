package import Basics

/// Why an optimizer does not fit a model.
package enum OptimizerError: UserError, Equatable {
    /// A learning rate multiplier is negative or not finite.
    case multiplier(prefix: String, found: Double)
    /// No weight has a name with this prefix.
    case prefix(String, examples: [String])
    case allFrozen

    package var kind: ErrorKind { .invalidConfiguration }

    /// What was found, what was expected and what to do.
    package var description: String {
        switch self {
        case .multiplier(let prefix, let found):
            "the learning rate multiplier of \"\(prefix)\" is \(found); zero or more is expected"
        case .prefix(let prefix, let examples):
            "no weight has a name that begins with \"\(prefix)\"; names begin with "
                + examples.prefix(8).map { "\"\($0)\"" }.joined(separator: ", ")
        case .allFrozen: "all weights are frozen, so nothing can be trained"
        }
    }
}
