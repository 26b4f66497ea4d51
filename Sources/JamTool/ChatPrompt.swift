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
        // Ctrl-C is a key of the editor or stops an answer; pressed between them, it does nothing.
        if reader != nil { signal(SIGINT, SIG_IGN) }
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
