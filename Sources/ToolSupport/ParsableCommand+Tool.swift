package import ArgumentParser
import Basics
import Foundation
import Generating
import Jam

extension ParsableCommand {
    /// Runs the command line and ends the process; a `UserError` ends it with one line and the
    /// error's exit code.
    package static func runTool() async -> Never {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            // Without destructors: the engine's own must not race with those of a model's thread.
            fflush(nil)
            _exit(0)
        } catch {
            // The module's own error has the exit code, and the setting whose flag is named.
            let error = (error as? JamError)?.underlying ?? error
            guard let error = error as? any UserError else { exit(withError: error) }
            Console.report("error: \((error as? SettingError)?.lineWithFlag ?? error.line)")
            Foundation.exit(error.kind.exitCode)
        }
    }
}
