/// A text with a cursor, which stands between two characters as readers see them.
package struct EditedText: Sendable, Equatable {
    /// What precedes and what follows the cursor.
    package private(set) var before: String
    package private(set) var after: String

    /// The text with the cursor at its end.
    package init(_ text: String = "") {
        before = text
        after = ""
    }

    package var text: String { before + after }

    package mutating func insert(_ text: String) { before += text }

    /// Puts `text` in place of what precedes the cursor.
    package mutating func replaceBefore(with text: String) { before = text }

    package mutating func moveLeft() {
        if let character = before.popLast() { after = String(character) + after }
    }

    package mutating func moveRight() {
        if !after.isEmpty { before.append(after.removeFirst()) }
    }

    package mutating func moveWordLeft() { move(to: startOfWord) }

    package mutating func moveWordRight() {
        let end =
            after.drop(while: \.isWhitespace).firstIndex(where: \.isWhitespace) ?? after.endIndex
        before += after[..<end]
        after = String(after[end...])
    }

    /// Moves to the start of the line.
    package mutating func moveHome() { move(to: startOfLine) }

    /// Moves to the end of the line.
    package mutating func moveEnd() {
        before += after[..<endOfLine]
        after = String(after[endOfLine...])
    }

    /// Moves to the line above; `false` if there is none.
    package mutating func moveUp() -> Bool {
        let column = before[startOfLine...].count
        guard startOfLine > before.startIndex else { return false }
        move(to: before.index(before: startOfLine))
        let line = before[startOfLine...]
        if line.count > column { move(to: line.index(line.startIndex, offsetBy: column)) }
        return true
    }

    /// Moves to the line below; `false` if there is none.
    package mutating func moveDown() -> Bool {
        let column = before[startOfLine...].count
        guard endOfLine < after.endIndex else { return false }
        moveEnd()
        moveRight()
        for _ in 0..<min(column, after[..<endOfLine].count) { moveRight() }
        return true
    }

    package mutating func deleteBackward() { _ = before.popLast() }

    package mutating func deleteForward() { if !after.isEmpty { after.removeFirst() } }

    /// Deletes to the start of the word, and returns what that was.
    package mutating func deleteWord() -> String { delete(from: startOfWord) }

    /// Deletes to the start of the line, and returns what that was.
    package mutating func deleteToStart() -> String { delete(from: startOfLine) }

    /// Deletes to the end of the line, and returns what that was.
    package mutating func deleteToEnd() -> String {
        defer { after = String(after[endOfLine...]) }
        return String(after[..<endOfLine])
    }

    private var startOfLine: String.Index {
        before.lastIndex(of: "\n").map(before.index(after:)) ?? before.startIndex
    }

    private var endOfLine: String.Index { after.firstIndex(of: "\n") ?? after.endIndex }

    /// The start of the last word before the cursor; words are between blanks.
    private var startOfWord: String.Index {
        guard let end = before.lastIndex(where: { !$0.isWhitespace }) else {
            return before.startIndex
        }
        return before[..<end].lastIndex(where: \.isWhitespace).map(before.index(after:))
            ?? before.startIndex
    }

    private mutating func move(to index: String.Index) {
        after = before[index...] + after
        before = String(before[..<index])
    }

    private mutating func delete(from index: String.Index) -> String {
        defer { before = String(before[..<index]) }
        return String(before[index...])
    }
}
