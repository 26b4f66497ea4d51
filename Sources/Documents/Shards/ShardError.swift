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
    package let scope: Scope
    package let kind: ErrorKind

    package init(place: String, problem: String, scope: Scope, kind: ErrorKind = .malformedInput) {
        description = "\(place): \(problem)"
        self.scope = scope
        self.kind = kind
    }

    /// Wraps the error of one document.
    init(_ error: any UserError) {
        description = error.description
        scope = .document
        // What the JSON reader calls a config error is an error in the data here.
        kind = error.kind == .invalidConfiguration ? .malformedInput : error.kind
    }
}
