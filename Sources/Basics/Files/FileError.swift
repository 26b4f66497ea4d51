import Foundation

/// Why a file or folder cannot be read or written, with its path and the system's reason.
package enum FileError: UserError, Equatable {
    case missing(path: String)
    /// The file exists, but cannot be opened.
    case unreadable(path: String, reason: String)
    /// It is a folder, a pipe or a device, not a regular file.
    case notPlain(path: String, kind: String)
    /// A link in a folder leads out of it.
    case leadsOut(path: String)
    /// A link to nothing.
    case deadLink(path: String)
    case reading(path: String, reason: String)
    case cannotCreate(path: String, reason: String)
    /// The output exists, and replacing it was not requested.
    case exists(path: String)
    /// The disk has too little space; both numbers are bytes.
    case noSpace(path: String, needed: Int, free: Int)
    case writing(path: String, reason: String)

    package var kind: ErrorKind {
        switch self {
        case .missing, .unreadable, .notPlain, .deadLink: .notFound
        case .leadsOut: .malformedInput
        case .cannotCreate, .exists, .noSpace: .cannotCreate
        case .reading, .writing: .inputOutput
        }
    }

    package var description: String {
        switch self {
        case .missing(let path): "\(path): there is no such file"
        case .unreadable(let path, let reason): "\(path): cannot be opened: \(reason)"
        case .notPlain(let path, let kind): "\(path): a plain file is expected, found \(kind)"
        case .leadsOut(let path):
            "\(path): is a link that leads out of the folder; put the file itself there"
        case .deadLink(let path):
            "\(path): is a link to nothing; the download may be incomplete"
        case .reading(let path, let reason): "\(path): cannot be read: \(reason)"
        case .cannotCreate(let path, let reason): "\(path): cannot be created: \(reason)"
        case .exists(let path):
            "\(path): is there already and not empty; name another output, or remove it"
        case .noSpace(let path, let needed, let free):
            "\(path): not enough disk space: \(needed) bytes are needed, \(free) are free"
        case .writing(let path, let reason): "\(path): cannot be written: \(reason)"
        }
    }
}

/// The system's reason for the last failed call of this thread.
func systemReason() -> String { String(cString: strerror(errno)) }
