/// Edits one message after the other, key by key; what is shown and read is others' work.
package struct LineEditor: Sendable {
    package enum Outcome: Sendable, Equatable {
        case editing
        /// A message is complete.
        case entered(String)
        /// Ctrl-C, and whether there was any text.
        case interrupted(hadText: Bool)
        case ended
        case suspended
        case clearedScreen
        /// How the text before the cursor can go on.
        case offered([String])
    }

    package private(set) var text = EditedText()
    private var history: LineHistory
    /// The entry of the history that is shown, and what was written before that.
    private var recalled: (entry: Int, draft: String)?
    private var deleted = ""
    /// How the text before the cursor can be completed: what can be in place of it.
    private let completions: @Sendable (String) -> [String]

    package init(
        history: LineHistory,
        completions: @escaping @Sendable (String) -> [String] = { _ in [] }
    ) {
        self.history = history
        self.completions = completions
    }

    package mutating func press(_ key: Key) -> Outcome {
        switch key {
        case .text(let typed), .paste(let typed): text.insert(typed)
        case .newline: text.insert("\n")
        case .left: text.moveLeft()
        case .right: text.moveRight()
        case .wordLeft: text.moveWordLeft()
        case .wordRight: text.moveWordRight()
        case .home: text.moveHome()
        case .end: text.moveEnd()
        case .up: if !text.moveUp() { recall(-1) }
        case .down: if !text.moveDown() { recall(1) }
        case .deleteBackward: text.deleteBackward()
        case .deleteForward: text.deleteForward()
        case .deleteWord: keep(text.deleteWord())
        case .deleteToStart: keep(text.deleteToStart())
        case .deleteToEnd: keep(text.deleteToEnd())
        case .yank: text.insert(deleted)
        case .tab: return complete()
        case .clearScreen: return .clearedScreen
        case .suspend: return .suspended
        case .interrupt:
            defer { startOver() }
            return .interrupted(hadText: !text.text.isEmpty)
        case .endOfInput:
            if text.text.isEmpty { return .ended }
            text.deleteForward()
        case .enter:
            let entered = text.text
            history.add(entered)
            startOver()
            return .entered(entered)
        }
        return .editing
    }

    private mutating func startOver() {
        text = EditedText()
        recalled = nil
    }

    private mutating func keep(_ part: String) { if !part.isEmpty { deleted = part } }

    /// Shows the next older or newer message of the history; the newest is what was being written.
    private mutating func recall(_ step: Int) {
        let entries = history.entries
        let current = recalled ?? (entries.count, text.text)
        let next = current.entry + step
        guard (0...entries.count).contains(next), next != current.entry else { return }
        recalled = next == entries.count ? nil : (next, current.draft)
        text = EditedText(next == entries.count ? current.draft : entries[next])
    }

    /// Completes the text before the cursor as far as all completions agree.
    private mutating func complete() -> Outcome {
        let all = completions(text.before)
        guard var common = all.first else { return .editing }
        for other in all { common = common.commonStart(with: other) }
        if common.count > text.before.count {
            text.replaceBefore(with: common)
            return .editing
        }
        return all.count > 1 ? .offered(all) : .editing
    }
}

extension String {
    /// The characters at the start that `other` begins with, too.
    fileprivate func commonStart(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
