package import ArgumentParser
import Foundation

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
            guard let error = UsersError(error) else { exit(withError: error) }
            Console.report("error: \(error.line)")
            Foundation.exit(error.exitCode)
        }
    }
}
