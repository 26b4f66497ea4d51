import Documents
import Foundation
import ToolSupport

extension TerminalCapabilities {
    /// What the terminal at standard output can show.
    static var detected: TerminalCapabilities {
        get throws {
            try detect(
                environment: ProcessInfo.processInfo.environment,
                isTerminal: isatty(STDOUT_FILENO) != 0,
                columns: TerminalSize.current.columns,
                saysSixel: { saysSixel }
            )
        }
    }

    /// Asked once.
    private static let saysSixel = SixelQuery.ask(
        environment: ProcessInfo.processInfo.environment
    )
}
