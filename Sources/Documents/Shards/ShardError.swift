package import Basics

/// Why a document, or a whole shard, cannot be read.
package struct ShardError: UserError, Equatable {
    /// What an error makes unreadable.
    package enum Scope: Sendable, Equatable {
        /// One document; the next one can be read.
        case document
        /// The rest of the shard.
        case shard
    }

    /// The place as `file:line` or `file:member`, what was found and what was expected.
    package let description: String
    /// What was found and expected, without the place.
    package let problem: String
    package let scope: Scope
    package let kind: ErrorKind

    package init(place: String, problem: String, scope: Scope, kind: ErrorKind = .malformedInput) {
        description = "\(place): \(problem)"
        self.problem = problem
        self.scope = scope
        self.kind = kind
    }

    /// Wraps the error of one document.
    init(_ error: any UserError) {
        description = error.description
        problem =
            switch error {
            case let error as ImageError: "an image " + error.problem
            case let error as JSONFieldError: "\(error.field): \(error.problem)"
            default: error.description
            }
        scope = .document
        // What the JSON reader calls a config error is an error in the data here.
        kind = error.kind == .invalidConfiguration ? .malformedInput : error.kind
    }
}
