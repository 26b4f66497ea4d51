/// An error that the person who runs the program can act on.
///
/// A conforming type is one room's enum. Its `description` is one line: what was found, what was
/// expected, and what to do. Mistakes of the programmer are `precondition`s, never `UserError`s.
package protocol UserError: Error, Sendable, CustomStringConvertible {
    /// What kind of mistake it is, for callers that do not know the type.
    var kind: ErrorKind { get }
}

extension UserError {
    /// The description as it is shown: one line for certain, and no more than a thousand bytes,
    /// whatever a file made it quote.
    package var line: String { description.brief(1000) }
}
