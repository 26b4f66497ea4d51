package import Basics

/// Why a document of a shard, or the shard itself, cannot be read.
package struct ShardError: UserError, Equatable {
    /// What of a shard is lost to an error.
    package enum Scope: Sendable, Equatable {
        /// One document; the next one can still be read.
        case document
        /// Everything from here on.
        case shard
    }

    /// The place, as `file:line` or `file:member`, what was found and what was expected.
    package let description: String
    /// Whether reading can go on with the next document.
    package let scope: Scope
    package let kind: ErrorKind

    /// Says what is wrong at one place.
    package init(place: String, problem: String, scope: Scope, kind: ErrorKind = .malformedInput) {
        description = "\(place): \(problem)"
        self.scope = scope
        self.kind = kind
    }

    /// Passes on why one document cannot be read.
    init(_ error: any UserError) {
        description = error.description
        scope = .document
        // A config error of the JSON reader is here an error of the data.
        kind = error.kind == .invalidConfiguration ? .malformedInput : error.kind
    }
}
