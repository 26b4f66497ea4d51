/// An error that whoever uses the library can act on.
///
/// Everything that the library throws is a `JamError`; what was cancelled throws one of the kind
/// ``ErrorKind/interrupted``.
public struct JamError: Error, Sendable, CustomStringConvertible {
    /// What kind of problem it is.
    public let kind: ErrorKind
    /// One line: what was found, what was expected, and what to do.
    public let description: String
    /// The error of the module that found the problem.
    package let underlying: any UserError

    package init(_ error: any UserError) {
        kind = error.kind
        description = error.line
        underlying = error
    }
}

/// Turns the errors of modules into those of the public interface.
package func withJamErrors<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let error as any UserError {
        throw JamError(error)
    }
}

/// The work was cancelled by its caller.
package struct Cancelled: UserError {
    package init() {}

    package var kind: ErrorKind { .interrupted }
    package var description: String { "cancelled" }
}
