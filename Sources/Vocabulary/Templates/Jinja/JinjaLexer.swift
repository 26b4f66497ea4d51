/// A token of a template: text, or one inside a tag.
struct JinjaToken: Equatable {
    enum Kind: Equatable {
        case text
        case outputStart
        case outputEnd
        case statementStart
        case statementEnd
        case name
        case string
        case integer
        case number
        case sign
        case end
    }

    let kind: Kind
    let text: String
    let line: Int
}

/// Splits a template into tokens, with the white space rules of chat templates: drops the newline
/// after a statement, and spaces before one at the start of a line.
struct JinjaLexer {
    private let source: [UInt8]
    private var place = 0
    private var line = 1
    private var tokens: [JinjaToken] = []
    /// Whether the next byte is at the start of a line of the template.
    private var startsLine = true

    /// Newlines become `\n`, and a last one is dropped.
    init(_ template: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(template.utf8.count)
        var previous: UInt8 = 0
        for byte in template.utf8 {
            if byte == UInt8(ascii: "\r") {
                bytes.append(UInt8(ascii: "\n"))
            } else if byte != UInt8(ascii: "\n") || previous != UInt8(ascii: "\r") {
                bytes.append(byte)
            }
            previous = byte
        }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        source = bytes
    }

    mutating func read() throws(JinjaError) -> [JinjaToken] {
        while place < source.count {
            try readText()
            guard place < source.count else { break }
            if starts("{#") {
                try skipComment()
            } else if let end = endOfRaw(from: place) {
                try readRaw(from: end)
            } else {
                try readTag(isStatement: starts("{%"))
            }
        }
        add(.end, "")
        return tokens
    }

    // MARK: - Text

    private mutating func readText() throws(JinjaError) {
        let start = place
        while place < source.count, !starts("{{"), !starts("{%"), !starts("{#") { place += 1 }
        let isTag = place < source.count
        addText(start..<place, beforeTag: isTag && !starts("{{"))
    }

    /// Adds text without the white space that the next tag strips.
    private mutating func addText(_ range: Range<Int>, beforeTag strips: Bool) {
        var end = range.upperBound
        let sign = end + 2 < source.count ? source[end + 2] : 0
        if end < source.count, sign == UInt8(ascii: "-") {
            end = endWithoutSpace(range)
        } else if strips, sign != UInt8(ascii: "+") {
            var lineStart = end
            while lineStart > range.lowerBound, source[lineStart - 1] != UInt8(ascii: "\n") {
                lineStart -= 1
            }
            let isLineStart = lineStart > range.lowerBound || startsLine
            if isLineStart, endWithoutSpace(lineStart..<end) == lineStart { end = lineStart }
        }
        if end > range.lowerBound {
            add(.text, String(decoding: source[range.lowerBound..<end], as: UTF8.self))
        }
        count(range)
    }

    private func endWithoutSpace(_ range: Range<Int>) -> Int {
        // White space may be any of Unicode's, as Python's.
        let text = String(decoding: source[range], as: UTF8.self).unicodeScalars
        let kept = text.reversed().drop { JinjaText.isSpace($0) }
        return range.lowerBound + String(String.UnicodeScalarView(kept)).utf8.count
    }

    private mutating func skipComment() throws(JinjaError) {
        let start = place
        place += 2
        while place < source.count, !starts("#}") { place += 1 }
        guard place < source.count else { throw failure("the comment has no end") }
        let sign = place > start + 2 ? source[place - 1] : 0
        place += 2
        count(start..<place)
        skipAfterTag(sign: sign, trims: true)
    }

    // MARK: - Raw text

    /// The end of `{% raw %}` at `start`; `nil` if another tag is there.
    private func endOfRaw(from start: Int) -> Int? { endOfTag(named: "raw", from: start) }

    private func endOfTag(named name: String, from start: Int) -> Int? {
        guard starts("{%", at: start) else { return nil }
        var end = start + 2
        if end < source.count, isSign(source[end]) { end += 1 }
        end = skippingSpace(from: end)
        guard starts(name, at: end) else { return nil }
        end = skippingSpace(from: end + name.utf8.count)
        if end < source.count, isSign(source[end]) { end += 1 }
        return starts("%}", at: end) ? end + 2 : nil
    }

    private mutating func readRaw(from end: Int) throws(JinjaError) {
        let sign = source[end - 3]
        count(place..<end)
        place = end
        skipAfterTag(sign: sign, trims: false)
        let start = place
        while place < source.count, endOfTag(named: "endraw", from: place) == nil { place += 1 }
        guard let after = endOfTag(named: "endraw", from: place) else {
            throw failure("`raw` has no `endraw`")
        }
        addText(start..<place, beforeTag: true)
        let lastSign = source[after - 3]
        place = after
        skipAfterTag(sign: lastSign, trims: true)
    }

    // MARK: - Tags

    private mutating func readTag(isStatement: Bool) throws(JinjaError) {
        add(isStatement ? .statementStart : .outputStart, "")
        place += 2
        if place < source.count, isSign(source[place]), !(source[place] == 0x2B && !isStatement) {
            place += 1
        }
        let close = isStatement ? "%}" : "}}"
        var open: [UInt8] = []
        while true {
            let start = place
            place = skippingSpace(from: place)
            count(start..<place)
            guard place < source.count else { throw failure("a tag has no end") }
            let hasSign = isSign(source[place]) && (isStatement || source[place] == 0x2D)
            if open.isEmpty, starts(close) || hasSign && starts(close, at: place + 1) {
                let sign = hasSign ? source[place] : 0
                place += hasSign ? 3 : 2
                add(isStatement ? .statementEnd : .outputEnd, "")
                return skipAfterTag(sign: sign, trims: isStatement)
            }
            try readWord(&open)
        }
    }

    /// Skips the white space that the end of a tag strips.
    private mutating func skipAfterTag(sign: UInt8, trims: Bool) {
        let start = place
        if sign == UInt8(ascii: "-") {
            let rest = String(
                decoding: source[place...].prefix { Self.canBeSpace($0) },
                as: UTF8.self
            )
            for scalar in rest.unicodeScalars {
                guard JinjaText.isSpace(scalar) else { break }
                place += String(Character(scalar)).utf8.count
            }
        } else if trims, sign != UInt8(ascii: "+"), starts("\n") {
            place += 1
        }
        count(start..<place)
        startsLine = place > start && source[place - 1] == UInt8(ascii: "\n")
    }

    private mutating func readWord(_ open: inout [UInt8]) throws(JinjaError) {
        let byte = source[place]
        if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") { return try readString(byte) }
        if Self.isDigit(byte) { return try readNumber() }
        if Self.isLetter(byte) {
            let start = place
            while place < source.count, Self.isLetter(source[place]) || Self.isDigit(source[place])
            {
                place += 1
            }
            return add(.name, String(decoding: source[start..<place], as: UTF8.self))
        }
        if let sign = Self.doubleSigns[byte], place + 1 < source.count, source[place + 1] == sign {
            place += 2
            return add(.sign, String(decoding: [byte, sign], as: UTF8.self))
        }
        let sign = String(decoding: [byte], as: UTF8.self)
        guard Self.signs.contains(byte) else { throw failure("unexpected character '\(sign)'") }
        switch byte {
        case UInt8(ascii: "("): open.append(UInt8(ascii: ")"))
        case UInt8(ascii: "["): open.append(UInt8(ascii: "]"))
        case UInt8(ascii: "{"): open.append(UInt8(ascii: "}"))
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
            guard open.popLast() == byte else { throw failure("unexpected '\(sign)'") }
        default: break
        }
        place += 1
        add(.sign, sign)
    }

    private static let signs = Set("+-*/%~<>=()[]{}.:|,".utf8)
    /// The second characters of two-character operators, by the first.
    private static let doubleSigns: [UInt8: UInt8] = [
        UInt8(ascii: "*"): UInt8(ascii: "*"), UInt8(ascii: "/"): UInt8(ascii: "/"),
        UInt8(ascii: "="): UInt8(ascii: "="), UInt8(ascii: "!"): UInt8(ascii: "="),
        UInt8(ascii: "<"): UInt8(ascii: "="), UInt8(ascii: ">"): UInt8(ascii: "="),
    ]

    private mutating func readString(_ quote: UInt8) throws(JinjaError) {
        let start = place + 1
        place = start
        while place < source.count, source[place] != quote {
            place += source[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard place < source.count else { throw failure("a string has no end") }
        let text = String(decoding: source[start..<place], as: UTF8.self)
        add(.string, try JinjaText.unescaped(text, line: line))
        count(start..<place)
        place += 1
    }

    private mutating func readNumber() throws(JinjaError) {
        let start = place
        func digits(_ place: inout Int) {
            while place < source.count, Self.isDigit(source[place]) || source[place] == 0x5F {
                place += 1
            }
        }
        digits(&place)
        var isInteger = true
        if place + 1 < source.count, source[place] == UInt8(ascii: "."),
            Self.isDigit(source[place + 1])
        {
            isInteger = false
            place += 1
            digits(&place)
        }
        if place < source.count, source[place] | 0x20 == UInt8(ascii: "e") {
            var end = place + 1
            if end < source.count, isSign(source[end]) { end += 1 }
            if end < source.count, Self.isDigit(source[end]) {
                isInteger = false
                place = end
                digits(&place)
            }
        }
        let text = String(decoding: source[start..<place].filter { $0 != 0x5F }, as: UTF8.self)
        add(isInteger ? .integer : .number, text)
    }

    // MARK: - Characters

    private func starts(_ text: String, at place: Int? = nil) -> Bool {
        source[min(place ?? self.place, source.count)...].starts(with: text.utf8)
    }

    private func skippingSpace(from start: Int) -> Int {
        var end = start
        while end < source.count, [0x20, 0x09, 0x0A, 0x0B, 0x0C].contains(source[end]) { end += 1 }
        return end
    }

    private func isSign(_ byte: UInt8) -> Bool { byte == 0x2B || byte == 0x2D }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte == 0x5F || (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80
    }

    private static func canBeSpace(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte >= 0x80
    }

    private mutating func add(_ kind: JinjaToken.Kind, _ text: String) {
        tokens.append(JinjaToken(kind: kind, text: text, line: line))
    }

    private mutating func count(_ range: Range<Int>) {
        line += source[range].count { $0 == UInt8(ascii: "\n") }
    }

    private func failure(_ problem: String) -> JinjaError { JinjaError(problem, line: line) }
}
