import Foundation

/// The size of the terminal at standard output, in characters; 80 × 24 where nobody knows.
package struct TerminalSize: Sendable, Equatable {
    package let columns: Int
    package let rows: Int

    package static var current: TerminalSize {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
        else { return TerminalSize(columns: 80, rows: 24) }
        return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }
}
