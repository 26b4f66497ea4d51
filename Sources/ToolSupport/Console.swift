import Basics
package import Checkpoints
import Documents
import Foundation

/// The two streams of a command line tool: data on standard output, everything else on standard
/// error.
package enum Console {
    /// Writes a line of data to standard output.
    package static func print(_ text: String) { stream(text + "\n") }

    /// Writes text to standard output at once, without a newline.
    ///
    /// If that fails the tool ends: quietly if the reader has gone away, as `head` does.
    package static func stream(_ text: String) {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        } catch {
            if errno != EPIPE { report("error: standard output: \(error.localizedDescription)") }
            Foundation.exit(ErrorKind.inputOutput.exitCode)
        }
    }

    /// Writes a line about the work to standard error, without control characters.
    package static func report(_ text: String) {
        let line = TerminalRenderer.harmless(text) + "\n"
        try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
    }

    /// Reports the warnings of a folder.
    package static func warn(of folder: CheckpointFolder) {
        for warning in folder.warnings { report("warning: \(warning)") }
    }
}
