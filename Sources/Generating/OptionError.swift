public import Basics

/// A setting of generation that is out of its range.
public struct OptionError: UserError, Equatable {
    /// The flag of the command line that sets it.
    public let flag: String
    /// What was given.
    public let value: String
    /// What can be given.
    public let allowed: String

    /// Refuses `value`.
    public init(flag: String, value: String, allowed: String) {
        self.flag = flag
        self.value = value
        self.allowed = allowed
    }

    /// A wrong command line.
    public var exitCode: ExitCode { .usage }

    /// The flag, the value and what is allowed.
    public var description: String { "\(flag) \(value): expected \(allowed)" }
}
