package import Basics

/// A setting of generation that is out of its range.
package struct OptionError: UserError, Equatable {
    /// The flag of the command line that sets it.
    package let flag: String
    /// What was given.
    package let value: String
    /// What can be given.
    package let allowed: String

    /// Refuses `value`.
    package init(flag: String, value: String, allowed: String) {
        self.flag = flag
        self.value = value
        self.allowed = allowed
    }

    package var kind: ErrorKind { .invalidArgument }

    /// The flag, the value and what is allowed.
    package var description: String { "\(flag) \(value): expected \(allowed)" }
}
