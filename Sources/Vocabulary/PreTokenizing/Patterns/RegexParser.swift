/// Parses the part of Oniguruma's syntax that split patterns use.
///
/// That is: literals and escapes, character classes with nested ones, Unicode categories, groups,
/// `(?i:…)`, alternatives, greedy and possessive quantifiers of single characters, optional and
/// counted groups, lookahead, and `$`. Everything else is refused by name.
struct RegexParser {
    let pattern: [Unicode.Scalar]
    var place = 0
    var depth = 0
    var ignoresCase = false

    /// The most scalars of a pattern; real ones have about 400, one has 4,000.
    private static let longest = 16_384
    static let deepest = 32
    /// The largest count in braces.
    static let mostRepeats = 64

    private init(_ pattern: String) {
        self.pattern = Array(pattern.unicodeScalars)
    }

    static func parse(_ pattern: String) throws(RegexError) -> RegexNode {
        var parser = RegexParser(pattern)
        guard parser.pattern.count <= longest else {
            throw RegexError(problem: "more than \(longest) characters")
        }
        let node = try parser.choice()
        guard parser.next == nil else { throw RegexError(problem: "a \")\" without \"(\"") }
        guard !node.matchesEmpty else { throw RegexError(problem: "matches of the empty text") }
        return node
    }

    var next: Unicode.Scalar? { place < pattern.count ? pattern[place] : nil }

    mutating func take(_ expected: Unicode.Scalar) -> Bool {
        guard next == expected else { return false }
        place += 1
        return true
    }

    mutating func take(_ expected: String) -> Bool {
        guard pattern[place...].starts(with: expected.unicodeScalars) else { return false }
        place += expected.unicodeScalars.count
        return true
    }

    mutating func pop() throws(RegexError) -> Unicode.Scalar {
        guard let scalar = next else { throw RegexError(problem: "an end within a group or class") }
        place += 1
        return scalar
    }

    private mutating func choice() throws(RegexError) -> RegexNode {
        guard depth < Self.deepest else { throw RegexError(problem: "groups this deep") }
        depth += 1
        defer { depth -= 1 }
        var parts = [try sequence()]
        while take("|") { parts.append(try sequence()) }
        return parts.count == 1 ? parts[0] : .choice(parts)
    }

    private mutating func sequence() throws(RegexError) -> RegexNode {
        var parts: [RegexNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let atom = try atom()
            parts.append(try quantified(atom))
        }
        if ignoresCase { try Self.checkFolding(parts) }
        return .sequence(parts)
    }

    private mutating func atom() throws(RegexError) -> RegexNode {
        let scalar = try pop()
        switch scalar {
        case "(": return try group()
        case "[": return .set(folded(try bracket()))
        case ".": return .set(.any)
        case "$": return .lineEnd
        case "\\": return .set(folded(try escape(inClass: false)))
        case "^", "*", "+", "?": throw RegexError(problem: "\"\(scalar)\" at this place")
        default: return .set(folded(.scalar(scalar.value)))
        }
    }

    private mutating func group() throws(RegexError) -> RegexNode {
        let outer = ignoresCase
        defer { ignoresCase = outer }
        var wrap: (RegexNode) -> RegexNode = { $0 }
        if take("?i:") {
            ignoresCase = true
        } else if take("?!") {
            wrap = { .lookahead($0, isNegative: true) }
        } else if take("?=") {
            wrap = { .lookahead($0, isNegative: false) }
        } else if next == "?", !take("?:") {
            let kind = String(String.UnicodeScalarView(pattern[place...].prefix(3)))
            throw RegexError(problem: "groups of the kind \("(" + kind)")
        }
        let node = try choice()
        guard take(")") else { throw RegexError(problem: "a \"(\" without \")\"") }
        return wrap(node)
    }

    private mutating func quantified(_ atom: RegexNode) throws(RegexError) -> RegexNode {
        var (least, most) = (1, 1)
        var isCounted = false
        switch next {
        case "?": least = 0
        case "*": (least, most) = (0, .max)
        case "+": most = .max
        case "{":
            guard let counts = try counts() else { return atom }
            (least, most, isCounted) = (counts.0, counts.1, true)
        default: return atom
        }
        place += 1
        if take("?") { throw RegexError(problem: "lazy quantifiers") }
        var isPossessive = false
        if take("+") {
            // After braces, `+` repeats what is counted (Ruby's syntax).
            guard !isCounted || least <= 1 else {
                throw RegexError(problem: "a quantifier of a quantifier")
            }
            if isCounted { most = .max } else { isPossessive = true }
        }
        if let next, next == "*" || next == "+" || next == "?" {
            throw RegexError(problem: "a quantifier of a quantifier")
        }
        if let set = atom.asSet {
            return .repeated(.set(set), least: least, most: most, isPossessive: isPossessive)
        }
        guard most != .max, !isPossessive else {
            throw RegexError(problem: "groups that are repeated without limit")
        }
        return .repeated(atom, least: least, most: most, isPossessive: false)
    }

    /// Reads `{n}`, `{n,}` or `{n,m}` up to its `}`; `nil` if the brace is a literal.
    private mutating func counts() throws(RegexError) -> (Int, Int)? {
        guard let end = pattern[place...].firstIndex(of: "}") else { return nil }
        let text = String(String.UnicodeScalarView(pattern[place + 1..<end]))
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        let limits: (Int, Int)
        switch (parts.count, parts.first ?? nil, parts.last ?? nil) {
        case (1, let count?, _): limits = (count, count)
        case (2, let least?, let most?): limits = (least, most)
        case (2, let least?, nil) where text.hasSuffix(","): limits = (least, .max)
        default: throw RegexError(problem: "the braces {\(text)}")
        }
        let largest = limits.1 == .max ? limits.0 : limits.1
        guard limits.0 >= 0, limits.0 <= limits.1, largest <= Self.mostRepeats else {
            throw RegexError(problem: "the braces {\(text)}")
        }
        place = end
        return limits
    }
}
