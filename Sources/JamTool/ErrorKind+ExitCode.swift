import Basics

extension ErrorKind {
    /// The exit code of the tool, after BSD's `sysexits`.
    var exitCode: Int32 {
        switch self {
        case .invalidSetting: 64
        case .malformedInput: 65
        case .notFound: 66
        case .unavailable: 69
        case .internalFailure: 70
        case .cannotCreate: 73
        case .inputOutput: 74
        case .interrupted: 75
        case .invalidConfiguration: 78
        }
    }
}
