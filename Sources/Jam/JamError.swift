package import Basics

/// An error that whoever uses the library can act on.
///
/// Everything that this library throws is a `JamError`, except for `CancellationError`.
public struct JamError: Error, Sendable, CustomStringConvertible {
    /// What kind of problem it is.
    public enum Kind: Sendable, Hashable {
        /// A setting is out of its range, or settings do not go together.
        case invalidSetting
        /// An input file is malformed, or does not fit the others.
        case malformedInput
        /// An input is not there.
        case notFound
        /// Something that the library needs is not installed.
        case unavailable
        /// A model, a recipe or a configuration does not support what is asked.
        case unsupported
        /// An output cannot be created.
        case cannotCreate
        /// Reading or writing failed.
        case inputOutput
        /// The work was interrupted.
        case interrupted
        /// A fault of the library.
        case internalFailure
    }

    /// What kind of problem it is.
    public let kind: Kind
    /// One line: what was found, what was expected, and what to do.
    public let description: String
    /// The error of the module that found the problem.
    package let underlying: any Error

    package init(_ error: any UserError) {
        kind =
            switch error.kind {
            case .invalidSetting: .invalidSetting
            case .malformedInput: .malformedInput
            case .notFound: .notFound
            case .unavailable: .unavailable
            case .internalFailure: .internalFailure
            case .cannotCreate: .cannotCreate
            case .inputOutput: .inputOutput
            case .interrupted: .interrupted
            case .invalidConfiguration: .unsupported
            }
        description = error.line
        underlying = error
    }
}

/// Turns the errors of modules into those of the facade.
package func withJamErrors<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let error as any UserError {
        throw JamError(error)
    }
}
