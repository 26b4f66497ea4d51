import Foundation

/// The `normalizer` of a `tokenizer.json`: changes a text before it is split.
struct Normalizer: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        /// Unicode normalization form C.
        case composed
        /// Adds a prefix to a text that is not empty.
        case prepend([UInt8])
        /// Replaces every occurrence of a string.
        case replace([UInt8], by: [UInt8])
        /// Replaces every match of an expression.
        case replaceMatches(SplitPattern, by: [UInt8])
        /// Drops white space at the beginning or the end.
        case strip(left: Bool, right: Bool)
        /// Lowercases each character by itself.
        case lowercased
    }

    /// The steps in order.
    var steps: [Step] = []

    /// The largest ``growth`` of a file; real tokenizers need at most 12.
    static let mostGrowth = 64.0

    /// The factor by which the steps can lengthen a text, at most.
    var growth: Double {
        steps.reduce(1) { size, step in
            switch step {
            case .composed: size * 3  // U+1D160 in UTF-8, the worst one (Unicode Standard Annex 15)
            case .prepend(let prefix): size + Double(prefix.count)
            case .replace([], by: _), .strip: size
            case .replaceMatches(_, let content): size * max(1, Double(content.count))
            case .lowercased: size * 1.5  // U+023A, of two bytes, whose small letter has three
            case .replace(let found, let replacement):
                size * max(1, Double(replacement.count) / Double(found.count))
            }
        }
    }

    /// The normalized bytes of a text.
    func normalized(_ text: String) -> [UInt8] { normalized(Array(text.utf8)) }

    /// Normalizes valid UTF-8 to valid UTF-8.
    func normalized(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for step in steps {
            switch step {
            case .composed:
                if !Self.isComposed(bytes) {
                    bytes = Array(Self.composed(String(decoding: bytes, as: UTF8.self)).utf8)
                }
            case .prepend(let prefix):
                if !bytes.isEmpty { bytes.insert(contentsOf: prefix, at: 0) }
            case .replace(let found, let replacement):
                bytes.replace(found, with: replacement)
            case .replaceMatches(let pattern, let content):
                bytes = UTF8Text(bytes: bytes).replacing(pattern, by: content)
            case .strip(let left, let right):
                bytes = UTF8Text(bytes: bytes).stripped(left: left, right: right)
            case .lowercased:
                bytes = UTF8Text(bytes: bytes).lowercased()
            }
        }
        return bytes
    }

    /// The text in form C of Unicode 9, the version of the reference: later characters are not
    /// changed, and nothing is composed across them.
    ///
    /// Three faults of Foundation are worked around: it loses U+11A7 after a syllable, it does not
    /// add a final consonant to a composed Hangul syllable, so the text is decomposed first, and it
    /// orders combining marks in quadratic time, unless they are in order.
    private static func composed(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var rest = Substring(text).unicodeScalars
        while !rest.isEmpty {
            let part = rest.prefix { !divides($0) }
            let decomposed = String(ordered(part)).decomposedStringWithCanonicalMapping
            result += decomposed.precomposedStringWithCanonicalMapping.unicodeScalars
            rest = rest[part.endIndex...]
            if let divider = rest.popFirst() { result.append(divider) }
        }
        return String(result)
    }

    /// Three marks that decompose to two each, of different classes, but have no class themselves.
    private static let doubleMarks: [Unicode.Scalar: [Unicode.Scalar]] = [
        "\u{F73}": ["\u{F71}", "\u{F72}"], "\u{F75}": ["\u{F71}", "\u{F74}"],
        "\u{F81}": ["\u{F71}", "\u{F80}"],
    ]

    /// The text with combining marks in canonical order (the Unicode Standard, D109).
    private static func ordered(_ text: Substring.UnicodeScalarView) -> String.UnicodeScalarView {
        var result = String.UnicodeScalarView()
        var rest = Array(text)[...]
        if rest.contains(where: { (0xF73...0xF81).contains($0.value) }) {
            rest = rest.flatMap { doubleMarks[$0] ?? [$0] }[...]
        }
        while let first = rest.first {
            guard first.properties.canonicalCombiningClass != .notReordered else {
                result.append(first)
                rest.removeFirst()
                continue
            }
            let marks = rest.prefix { $0.properties.canonicalCombiningClass != .notReordered }
            result += marks.enumerated().sorted {
                ($0.element.properties.canonicalCombiningClass.rawValue, $0.offset)
                    < ($1.element.properties.canonicalCombiningClass.rawValue, $1.offset)
            }.map(\.element)
            rest = rest[marks.endIndex...]
        }
        return result
    }

    private static func divides(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x300 else { return false }
        return scalar == "\u{11A7}" || (scalar.properties.age?.major ?? 99) > 9
    }

    /// Whether every character is below U+0300, the first combining mark, as in most texts.
    private static func isComposed(_ bytes: [UInt8]) -> Bool { bytes.allSatisfy { $0 < 0xCC } }
}

extension [UInt8] {
    /// Replaces every occurrence of `found` from left to right, in linear time (Knuth, Morris and
    /// Pratt, 1977).
    fileprivate mutating func replace(_ found: [UInt8], with replacement: [UInt8]) {
        guard let first = found.first, found.count <= count, contains(first) else { return }
        let borders = found.borders
        var result: [UInt8] = []
        result.reserveCapacity(count)
        var matched = 0
        for byte in self {
            result.append(byte)
            while matched > 0, found[matched] != byte { matched = borders[matched - 1] }
            if found[matched] == byte { matched += 1 }
            guard matched == found.count else { continue }
            result.removeLast(matched)
            result += replacement
            matched = 0
        }
        self = result
    }

    /// For each prefix of these bytes, the length of its longest proper suffix that is a prefix.
    private var borders: [Int] {
        var borders = [0]
        var length = 0
        for byte in dropFirst() {
            while length > 0, self[length] != byte { length = borders[length - 1] }
            if self[length] == byte { length += 1 }
            borders.append(length)
        }
        return borders
    }
}
