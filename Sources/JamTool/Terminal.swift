import Documents
import Foundation
import Terminal

extension TerminalCapabilities {
    /// What the terminal at standard output can show.
    static var detected: TerminalCapabilities {
        detect(
            environment: ProcessInfo.processInfo.environment,
            isTerminal: isatty(STDOUT_FILENO) != 0,
            columns: TerminalSize.columns
        )
    }
}

/// The size of the terminal.
enum TerminalSize {
    /// Characters in a line; 80 where nobody knows.
    static var columns: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
