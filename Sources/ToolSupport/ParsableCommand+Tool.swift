package import ArgumentParser
import Basics
import Foundation

/// The version of the tools, as manifests record it.
package let jamVersion = "0.1.0"

extension ParsableCommand {
    /// Runs the command line; a `UserError` ends it with one line and the error's exit code.
    package static func runTool() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as any UserError {
            Console.report("error: \(error.line)")
            Foundation.exit(error.exitCode.rawValue)
        } catch {
            exit(withError: error)
        }
    }
}
