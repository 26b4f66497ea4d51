#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why a file or folder could not be read or written, with its path and the system's reason.
package enum FileError: UserError, Equatable {
    /// There is nothing at the path.
    case missing(path: String)
    /// The file is there but cannot be opened.
    case unreadable(path: String, reason: String)
    /// The path names a folder, a pipe or a device where a plain file is expected.
    case notPlain(path: String, kind: String)
    /// The file of a folder is a link to somewhere else.
    case leadsOut(path: String)
    /// The file is a link to nothing that could be read.
    case deadLink(path: String)
    /// Reading failed.
    case reading(path: String, reason: String)
    /// The file or folder cannot be made.
    case cannotCreate(path: String, reason: String)
    /// The output is there already, and replacing it was not asked for.
    case exists(path: String)
    /// The disk has too little space for what is to be written; both are bytes.
    case noSpace(path: String, needed: Int, free: Int)
    /// Writing failed.
    case writing(path: String, reason: String)

    package var kind: ErrorKind {
        switch self {
        case .missing, .unreadable, .notPlain, .deadLink: .notFound
        case .leadsOut: .malformedInput
        case .cannotCreate, .exists, .noSpace: .cannotCreate
        case .reading, .writing: .inputOutput
        }
    }

    /// What happened, where, and what to do.
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

/// What the system says about the call that failed last on this thread.
func systemReason() -> String { String(cString: strerror(errno)) }
