import Foundation
import Synchronization

/// Reads messages from a terminal, where they can be edited.
package struct TerminalLineReader {
    package enum Input: Equatable {
        case line(String)
        /// Ctrl-C, and whether it took back any text.
        case interrupted(hadText: Bool)
        case end
    }

    /// Bracketed paste: the terminal says where pasted text begins and ends.
    private static let pasteOn = "\u{1B}[?2004h"
    private static let pasteOff = "\u{1B}[?2004l"

    private var editor: LineEditor
    private let prompt: String
    private var parser = KeyParser()
    /// Keys that came after the end of a message.
    private var ahead: ArraySlice<Key> = []
    /// The row of the screen that the cursor is in, from the first of the message.
    private var drawnRow = 0

    /// Creates a reader; `nil` if standard input or output is no terminal, or one that moves no
    /// cursor.
    package init?(
        prompt: String,
        environment: [String: String],
        _ editor: () -> LineEditor
    ) {
        guard isatty(STDIN_FILENO) != 0, isatty(STDOUT_FILENO) != 0,
            !["", "dumb"].contains(environment["TERM"] ?? "")
        else { return nil }
        self.editor = editor()
        self.prompt = prompt
    }

    /// Waits for the next message.
    ///
    /// Signals from elsewhere end the program as usual, after the terminal is as it was.
    package mutating func next() -> Input {
        guard let mode = RawMode(STDIN_FILENO) else { return .end }
        let handlers = [SIGHUP, SIGINT, SIGQUIT, SIGTERM].map { number in
            (number, signal(number) { EndingSignal.received.store($0, ordering: .relaxed) })
        }
        Console.stream(Self.pasteOn)
        let input = edit(mode)
        Console.stream(Self.pasteOff)
        mode.restore()
        for (number, handler) in handlers { signal(number, handler) }
        let received = EndingSignal.received.exchange(0, ordering: .relaxed)
        if received != 0 { RawMode.raise(received) }
        return input
    }

    private mutating func edit(_ mode: RawMode) -> Input {
        var size = TerminalSize.current
        while true {
            while let key = ahead.popFirst() {
                if let input = press(key, mode) { return input }
            }
            draw(size)
            repeat {
                // Not for ever, to see a new size of the terminal.
                guard EndingSignal.received.load(ordering: .relaxed) == 0,
                    let bytes = mode.read(waiting: .milliseconds(200))
                else {
                    finishDrawing(editor.text)
                    return .end
                }
                ahead = parser.parse(bytes)[...]
            } while ahead.isEmpty && TerminalSize.current == size
            size = .current
        }
    }

    /// Follows a key, and returns what it ends the message with, if it does.
    private mutating func press(_ key: Key, _ mode: RawMode) -> Input? {
        let text = editor.text
        switch editor.press(key) {
        case .editing: return nil
        case .entered(let line):
            finishDrawing(text)
            return .line(line)
        case .interrupted(let hadText):
            finishDrawing(text)
            return .interrupted(hadText: hadText)
        case .ended:
            finishDrawing(text)
            return .end
        case .suspended:
            finishDrawing(text)
            Console.stream(Self.pasteOff)
            mode.suspend()
            Console.stream(Self.pasteOn)
        case .clearedScreen:
            Console.stream("\u{1B}[H\u{1B}[2J")
            drawnRow = 0
        case .offered(let completions):
            finishDrawing(text)
            // Without what they all begin with, such as a folder.
            let start = text.before.lastIndex { $0 == "/" || $0 == " " }
            let known = start.map { text.before[...$0].count } ?? 0
            let list = completions.map { $0.dropFirst(known) }.joined(separator: "  ")
            Console.stream(TerminalRenderer.harmless(list) + "\n")
        }
        return nil
    }

    private mutating func draw(_ size: TerminalSize) {
        let layout = LineLayout(editor.text, prompt: prompt, columns: size.columns)
        let drawing = layout.drawing(over: drawnRow, height: size.rows)
        Console.stream(drawing.output)
        drawnRow = drawing.row
    }

    private mutating func finishDrawing(_ text: EditedText) {
        let layout = LineLayout(text, prompt: prompt, columns: TerminalSize.current.columns)
        Console.stream(layout.finalDrawing(over: drawnRow))
        drawnRow = 0
    }
}

/// A signal that ends the program, while the terminal is not as it was.
private enum EndingSignal {
    static let received = Atomic<Int32>(0)
}
