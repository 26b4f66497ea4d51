public import Basics

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why a file cannot be opened, read or written.
public struct FileError: UserError, Equatable {
    /// The file.
    public let file: String
    /// What is wrong and what to do.
    public let problem: String
    /// The exit code: no input, cannot create, or input and output.
    public let exitCode: ExitCode

    /// Says what is wrong with a file.
    public init(file: String, problem: String, exitCode: ExitCode) {
        self.file = file
        self.problem = problem
        self.exitCode = exitCode
    }

    /// The file and the problem.
    public var description: String { "\(file): \(problem)" }

    /// The failure of a system call on an existing file, in the system's words.
    static func system(_ file: String, _ action: String, errno code: Int32) -> FileError {
        let reason = String(cString: strerror(code))
        switch code {
        case ENOENT, ENOTDIR:
            return FileError(
                file: file,
                problem: "there is no such file; check the path",
                exitCode: .noInput
            )
        default:
            return FileError(
                file: file,
                problem: "cannot \(action): \(reason)",
                exitCode: .inputOutput
            )
        }
    }
}
