import Foundation
import ToolSupport

/// Where the messages of a conversation come from: an editor in a terminal, lines elsewhere.
struct ChatPrompt {
    private static let prompt = "> "
    private var reader: TerminalLineReader?

    init() {
        let environment = ProcessInfo.processInfo.environment
        reader = TerminalLineReader(
            prompt: Self.prompt,
            environment: environment
        ) {
            LineEditor(
                history: LineHistory(path: LineHistory.path(environment: environment)),
                completions: ChatInput.completions(of:)
            )
        }
    }

    /// The next message; `nil` at the end.
    mutating func next() -> String? {
        while true {
            switch reader?.next() {
            case nil:
                Console.stream(Self.prompt)
                return readLine()
            case .line(let line): return line
            case .interrupted(hadText: true): continue
            case .interrupted(hadText: false): Console.report("Ctrl-D or /quit ends")
            case .end: return nil
            }
        }
    }
}
