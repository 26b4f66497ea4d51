package import Basics

/// Why something failed, in one line for the person who can act on it.
public struct JamError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Who can act, and on what.
    public enum Kind: Sendable {
        /// An option or argument is out of range, or does not fit the others.
        case invalidOption
        /// A file or value is malformed.
        case invalidInput
        /// A file or folder does not exist.
        case notFound
        /// Something that jam needs is not installed.
        case unavailable
        /// A model or recipe that jam does not support.
        case unsupported
        /// An output cannot be created.
        case cannotWrite
        /// Reading or writing failed.
        case inputOutput
        /// The work was cancelled.
        case interrupted
        /// A bug of jam.
        case internalFailure
    }

    /// Who can act, and on what.
    public let kind: Kind
    /// What was found, what was expected and what to do, in one line.
    public let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    init(_ error: any Error) {
        if let error = error as? JamError {
            self = error
        } else if let error = error as? any UserError {
            self.init(Kind(error.exitCode), error.line)
        } else {
            self.init(.internalFailure, "a bug of jam: \(error)".brief(1000))
        }
    }
}

extension JamError: UserError {
    package var exitCode: ExitCode {
        switch kind {
        case .invalidOption: .usage
        case .invalidInput: .data
        case .notFound: .noInput
        case .unavailable: .unavailable
        case .unsupported: .configuration
        case .cannotWrite: .cannotCreate
        case .inputOutput: .inputOutput
        case .interrupted: .interrupted
        case .internalFailure: .software
        }
    }
}

extension JamError.Kind {
    fileprivate init(_ code: ExitCode) {
        self =
            switch code {
            case .usage: .invalidOption
            case .data: .invalidInput
            case .noInput: .notFound
            case .unavailable: .unavailable
            case .configuration: .unsupported
            case .cannotCreate: .cannotWrite
            case .inputOutput: .inputOutput
            case .interrupted: .interrupted
            case .software: .internalFailure
            }
    }
}
