import Basics
import Generating
import Jam

/// An error that a user can do something about, as the command line says it.
package struct UsersError {
    /// What was found, what was expected and what to do; a setting by its flag.
    package let line: String
    package let exitCode: Int32

    /// `nil` for any other error.
    package init?(_ error: any Error) {
        // The module's own error has the exit code, and the setting whose flag is named.
        let error = (error as? JamError)?.underlying ?? error
        guard let error = error as? any UserError else { return nil }
        line = (error as? SettingError)?.lineWithFlag ?? error.line
        exitCode = error.kind.exitCode
    }
}
