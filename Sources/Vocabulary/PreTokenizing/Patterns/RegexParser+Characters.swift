// Characters, escapes and character classes.

extension RegexParser {
    func folded(_ set: ScalarSet) -> ScalarSet { ignoresCase ? set.ignoringCase : set }

    /// Refuses two letters that together fold to one character, such as `ss` to `ß`.
    static func checkFolding(_ parts: [RegexNode]) throws(RegexError) {
        for (left, right) in zip(parts, parts.dropFirst()) {
            guard let left = left.asSet, let right = right.asSet else { continue }
            for pair in ["ss", "ff", "fi", "fl", "st"] {
                let values = pair.unicodeScalars.map(\.value)
                if left.contains(values[0]), right.contains(values[1]) {
                    throw RegexError(problem: "\"\(pair)\" without regard to case")
                }
            }
        }
    }

    mutating func bracket() throws(RegexError) -> ScalarSet {
        guard depth < Self.deepest else { throw RegexError(problem: "classes this deep") }
        depth += 1
        defer { depth -= 1 }
        var set = ScalarSet()
        set.isInverted = take("^")
        var isFirst = true
        while true {
            let scalar = try pop()
            if scalar == "]", !isFirst { return set }
            isFirst = false
            switch scalar {
            case "[":
                if next == ":" { throw RegexError(problem: "POSIX classes") }
                set.nested.append(try bracket())
            case "&" where next == "&": throw RegexError(problem: "intersections of classes")
            case "\\":
                let escaped = try escape(inClass: true)
                try add(escaped, to: &set)
            default: try add(.scalar(scalar.value), to: &set)
            }
        }
    }

    /// Adds a character, a range that begins with it, or a class to `set`.
    private mutating func add(_ first: ScalarSet, to set: inout ScalarSet) throws(RegexError) {
        guard first.ranges.count == 1, !first.isInverted, let start = first.ranges.first?.lowerBound
        else {
            set.nested.append(first)
            return
        }
        guard next == "-", place + 1 < pattern.count, pattern[place + 1] != "]" else {
            set.ranges.append(start...start)
            return
        }
        place += 1
        let scalar = try pop()
        let last = scalar == "\\" ? try escape(inClass: true) : .scalar(scalar.value)
        guard let end = last.ranges.first?.lowerBound, start <= end, scalar != "[" else {
            throw RegexError(problem: "the range from \(Self.shown(start)) to \"\(scalar)\"")
        }
        set.ranges.append(start...end)
    }

    private static func shown(_ value: UInt32) -> String {
        "U+" + String(value, radix: 16, uppercase: true)
    }

    /// Reads what follows a backslash.
    mutating func escape(inClass: Bool) throws(RegexError) -> ScalarSet {
        let scalar = try pop()
        switch scalar {
        case "r": return .scalar(0x0D)
        case "n": return .scalar(0x0A)
        case "t": return .scalar(0x09)
        case "f": return .scalar(0x0C)
        case "v": return .scalar(0x0B)
        case "s": return .spaces
        case "S": return .spaces.inverted
        case "d": return ScalarSet(categories: .digit)
        case "D": return ScalarSet(categories: .digit, isInverted: true)
        case "w": return inClass ? .word : .wordAlone
        case "W": return inClass ? .word.inverted : .wordAlone.inverted
        case "p": return try property(isInverted: false)
        case "P": return try property(isInverted: true)
        case "u": return .scalar(try hexadecimal(digits: 4))
        case _ where scalar.isASCII && !scalar.properties.isAlphabetic && !("0"..."9" ~= scalar):
            return .scalar(scalar.value)
        default: throw RegexError(problem: "\"\\\(scalar)\"")
        }
    }

    private mutating func property(isInverted: Bool) throws(RegexError) -> ScalarSet {
        guard take("{"), let end = pattern[place...].firstIndex(of: "}") else {
            throw RegexError(problem: "\"\\p\" without braces")
        }
        let isInverted = isInverted != take("^")
        let name = String(String.UnicodeScalarView(pattern[place..<end]))
        guard let categories = ScalarCategories(name) else {
            throw RegexError(problem: "the property \"\(name)\"")
        }
        place = end + 1
        return ScalarSet(categories: categories, isInverted: isInverted)
    }

    private mutating func hexadecimal(digits: Int) throws(RegexError) -> UInt32 {
        let text = String(String.UnicodeScalarView(pattern[place...].prefix(digits)))
        guard text.count == digits, let value = UInt32(text, radix: 16),
            Unicode.Scalar(value) != nil
        else { throw RegexError(problem: "\"\\u\(text)\"") }
        place += digits
        return value
    }
}
