/// An error that the user can act on.
///
/// `description` is one line: what was found, what was expected, and what to do. Mistakes of the
/// programmer are `precondition`s.
package protocol UserError: Error, Sendable, CustomStringConvertible {
    /// The kind of mistake, for callers that do not know the type.
    var kind: ErrorKind { get }
}

extension UserError {
    /// The description on one line of at most a thousand bytes, whatever a file made it quote.
    package var line: String { description.brief(1000) }
}
