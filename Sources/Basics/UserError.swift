/// An error that the person who runs the program can act on.
///
/// A conforming type is one room's enum. Its `description` is one line: what was found, what was
/// expected, and what to do. Mistakes of the programmer are `precondition`s, never `UserError`s.
package protocol UserError: Error, Sendable, CustomStringConvertible {
    /// The process exit code that this error ends the command line tool with.
    var exitCode: ExitCode { get }
}

extension UserError {
    /// The description as it is shown: one line for certain, and no more than a thousand bytes,
    /// whatever a file made it quote.
    package var line: String { description.brief(1000) }
}

/// The exit codes of the command line tool, after BSD's `sysexits`.
package enum ExitCode: Int32, Sendable {
    /// The command line was wrong.
    case usage = 64
    /// The input was malformed.
    case data = 65
    /// An input was not there.
    case noInput = 66
    /// Something that the program needs is not installed.
    case unavailable = 69
    /// A fault of our own.
    case software = 70
    /// An output could not be created.
    case cannotCreate = 73
    /// Reading or writing failed.
    case inputOutput = 74
    /// Interrupted; the same command with `--resume` goes on.
    case interrupted = 75
    /// A recipe or config was wrong.
    case configuration = 78
}
