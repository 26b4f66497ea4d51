/// What a key of a terminal's keyboard asks a line editor for.
package enum Key: Sendable, Equatable {
    /// Typed characters.
    case text(String)
    /// Pasted text, whose lines belong together.
    case paste(String)

    case left, right, wordLeft, wordRight, home, end, up, down
    case deleteBackward, deleteForward, deleteWord, deleteToStart, deleteToEnd
    /// Inserts what was deleted last.
    case yank
    case tab
    case clearScreen

    case enter
    /// A line break in the message.
    case newline
    /// Ctrl-C, Ctrl-D and Ctrl-Z.
    case interrupt, endOfInput, suspend
}

/// Reads keys from the bytes that a terminal sends: UTF-8, control characters, and the escape
/// sequences of xterm (ECMA-48) that all terminals share, bracketed paste among them.
///
/// Sequences that mean nothing here are passed over whole, so that none ends up in a text.
package struct KeyParser: Sendable {
    private enum State {
        case ground
        /// After ESC.
        case escape
        /// After ESC O.
        case single
        /// After ESC [, with what came since.
        case control([UInt8])
        /// In an answer or a title, which ends with BEL or ESC \.
        case string(isEscaped: Bool)
        case paste
        /// Within a character of several bytes.
        case character([UInt8], count: Int)
    }

    private static let pasteEnd = Array("\u{1B}[201~".utf8)
    private var state = State.ground
    /// What was pasted so far.
    private var pasted: [UInt8] = []

    package init() {}

    /// The keys of the next bytes; neighboring characters are one key.
    package mutating func parse(_ bytes: some Sequence<UInt8>) -> [Key] {
        var keys: [Key] = []
        for byte in bytes {
            guard let key = consume(byte) else { continue }
            if case .text(let next) = key, case .text(let text) = keys.last {
                keys[keys.count - 1] = .text(text + next)
            } else {
                keys.append(key)
            }
        }
        return keys
    }

    private mutating func consume(_ byte: UInt8) -> Key? {
        switch state {
        case .ground: return start(byte)
        case .escape: return escaped(byte)
        case .single:
            state = .ground
            return Self.controlKey([], byte)
        case .control(let parameters): return control(parameters, byte)
        case .string(let isEscaped):
            let isEnd = byte == 0x07 || isEscaped && byte == 0x5C
            state = isEnd ? .ground : .string(isEscaped: byte == 0x1B)
            return nil
        case .paste:
            pasted.append(byte)
            guard pasted.ends(with: Self.pasteEnd) else { return nil }
            state = .ground
            defer { pasted = [] }
            return .paste(Self.lines(pasted.dropLast(Self.pasteEnd.count)))
        case .character(let bytes, let count): return character(bytes + [byte], count)
        }
    }

    private mutating func start(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x01: return .home
        case 0x02: return .left
        case 0x03: return .interrupt
        case 0x04: return .endOfInput
        case 0x05: return .end
        case 0x06: return .right
        case 0x08, 0x7F: return .deleteBackward
        case 0x09: return .tab
        // A line that was typed before the editor began ends with a line feed.
        case 0x0A, 0x0D: return .enter
        case 0x0B: return .deleteToEnd
        case 0x0C: return .clearScreen
        case 0x0E: return .down
        case 0x10: return .up
        case 0x15: return .deleteToStart
        case 0x17: return .deleteWord
        case 0x19: return .yank
        case 0x1A: return .suspend
        case 0x1B:
            state = .escape
            return nil
        case 0x20..<0x7F: return .text(String(UnicodeScalar(byte)))
        case 0xC2...0xDF: state = .character([byte], count: 2)
        case 0xE0...0xEF: state = .character([byte], count: 3)
        case 0xF0...0xF4: state = .character([byte], count: 4)
        case 0x80...0xFF: return .text("\u{FFFD}")
        default: break
        }
        return nil
    }

    private mutating func character(_ bytes: [UInt8], _ count: Int) -> Key? {
        guard let last = bytes.last, last & 0xC0 == 0x80 else {
            // The character broke off.
            state = .ground
            return bytes.last.flatMap { start($0) }
        }
        guard bytes.count == count else {
            state = .character(bytes, count: count)
            return nil
        }
        state = .ground
        let text = Self.printable(String(decoding: bytes, as: UTF8.self))
        return text.isEmpty ? nil : .text(text)
    }

    private mutating func escaped(_ byte: UInt8) -> Key? {
        state = .ground
        switch byte {
        case 0x1B: state = .escape
        case UInt8(ascii: "["): state = .control([])
        case UInt8(ascii: "O"): state = .single
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"):
            state = .string(isEscaped: false)
        case UInt8(ascii: "b"): return .wordLeft
        case UInt8(ascii: "f"): return .wordRight
        case 0x08, 0x7F: return .deleteWord
        case 0x0A, 0x0D: return .newline
        default: break
        }
        return nil
    }

    private mutating func control(_ parameters: [UInt8], _ byte: UInt8) -> Key? {
        switch byte {
        case 0x20..<0x40:
            state = .control(parameters + [byte])
            return nil
        case 0x40..<0x7F where parameters == Array("200".utf8) && byte == UInt8(ascii: "~"):
            state = .paste
            return nil
        case 0x40..<0x7F:
            state = .ground
            return Self.controlKey(parameters, byte)
        default:
            // The sequence broke off.
            state = .ground
            return start(byte)
        }
    }

    /// The key of a control sequence; a second parameter of 3, 5 or 7 says Alt or Ctrl.
    private static func controlKey(_ parameters: [UInt8], _ final: UInt8) -> Key? {
        let numbers = parameters.split(
            separator: UInt8(ascii: ";"),
            omittingEmptySubsequences: false
        )
        .map { Int(String(decoding: $0, as: UTF8.self)) }
        let isWord = numbers.count > 1 && [3, 5, 7].contains(numbers[1])
        switch (final, numbers.first ?? nil) {
        case (UInt8(ascii: "A"), _): return .up
        case (UInt8(ascii: "B"), _): return .down
        case (UInt8(ascii: "C"), _): return isWord ? .wordRight : .right
        case (UInt8(ascii: "D"), _): return isWord ? .wordLeft : .left
        case (UInt8(ascii: "H"), _), (UInt8(ascii: "~"), 1?), (UInt8(ascii: "~"), 7?): return .home
        case (UInt8(ascii: "F"), _), (UInt8(ascii: "~"), 4?), (UInt8(ascii: "~"), 8?): return .end
        case (UInt8(ascii: "~"), 3?): return .deleteForward
        case (UInt8(ascii: "M"), nil): return .enter
        default: return nil
        }
    }

    /// Pasted lines, without the line breaks after the last.
    private static func lines(_ bytes: ArraySlice<UInt8>) -> String {
        var text = String(decoding: bytes, as: UTF8.self)
            .replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        while text.last == "\n" { text.removeLast() }
        return printable(text)
    }

    /// The text without control characters, but with tabs and line breaks.
    package static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter {
                    $0 == "\n" || $0 == "\t" || $0.properties.generalCategory != .control
                }
            )
        )
    }
}

extension [UInt8] {
    fileprivate func ends(with suffix: [UInt8]) -> Bool {
        last == suffix.last && self.suffix(suffix.count).elementsEqual(suffix)
    }
}
