/// What kind of problem a ``JamError`` reports.
public enum ErrorKind: Sendable, CaseIterable {
    /// A setting is out of its range, or settings do not go together.
    case invalidSetting
    /// The input is there but malformed.
    case malformedInput
    /// An input is not there.
    case notFound
    /// Something that the program needs is not installed.
    case unavailable
    /// A fault of the library.
    case internalFailure
    /// An output cannot be created.
    case cannotCreate
    /// Reading or writing failed.
    case inputOutput
    /// Stopped before the end; the work can be resumed.
    case interrupted
    /// A recipe or config is wrong.
    case invalidConfiguration
}
