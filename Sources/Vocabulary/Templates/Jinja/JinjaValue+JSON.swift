import Basics

extension JinjaValue {
    init(_ json: JSON) throws(JinjaError) {
        switch json {
        case .null: self = .none
        case .bool(let flag): self = .bool(flag)
        case .integer(let integer): self = .integer(integer)
        case .number(let number): self = .number(number)
        case .string(let text): self = .string(text)
        case .array(let elements):
            var values: [JinjaValue] = []
            for element in elements { values.append(try JinjaValue(element)) }
            self = .list(try JinjaList(values))
        case .object(let object):
            var dictionary = JinjaDictionary()
            for (key, value) in object.members {
                try dictionary.set(.string(key), to: try JinjaValue(value))
            }
            self = .dictionary(dictionary)
        }
    }

    struct JSONStyle {
        var escapesOthers = false
        var indent: String?
        var separators: (item: String, key: String)?
        var sortsKeys = false

        /// The separator of elements; with an indent, a newline follows.
        fileprivate var item: String { separators?.item ?? (indent == nil ? ", " : ",") }
        fileprivate var key: String { separators?.key ?? ": " }
    }

    /// Appends the text of Python's `json.dumps`.
    func appendJSON(
        to text: inout String,
        _ style: JSONStyle,
        level: Int = 0,
        _ budget: inout JinjaBudget
    ) throws(JinjaError) {
        let start = text.utf8.count
        switch self {
        case .none: text += "null"
        case .bool(let flag): text += flag ? "true" : "false"
        case .integer(let integer): text += String(integer)
        case .number(let number): text += Self.jsonText(of: number)
        case .string(let string): text += Self.jsonText(of: string, style)
        case .list(let list):
            try Self.append(list.elements, "[", "]", to: &text, style, level) {
                value,
                text throws(JinjaError) in
                try value.appendJSON(to: &text, style, level: level + 1, &budget)
            }
        case .dictionary(let dictionary):
            var members = dictionary.members
            if style.sortsKeys {
                members.sort { JinjaValue.isTextBefore($0.key, $1.key) }
            }
            try Self.append(members, "{", "}", to: &text, style, level) {
                member,
                text throws(JinjaError) in
                text += Self.jsonText(of: try member.key.keyText(), style) + style.key
                try member.value.appendJSON(to: &text, style, level: level + 1, &budget)
            }
        default:
            throw JinjaError("Object of type \(typeName) is not JSON serializable")
        }
        try budget.spend()
        try budget.spend(bytes: text.utf8.count - start)
    }

    private static func append<Element>(
        _ elements: [Element],
        _ open: String,
        _ close: String,
        to text: inout String,
        _ style: JSONStyle,
        _ level: Int,
        element: (Element, inout String) throws(JinjaError) -> Void
    ) throws(JinjaError) {
        text += open
        for (index, item) in elements.enumerated() {
            if index > 0 { text += style.item }
            if let indent = style.indent {
                text += "\n" + String(repeating: indent, count: level + 1)
            }
            try element(item, &text)
        }
        if let indent = style.indent, !elements.isEmpty {
            text += "\n" + String(repeating: indent, count: level)
        }
        text += close
    }

    private func keyText() throws(JinjaError) -> String {
        switch self {
        case .string(let text): text
        case .integer(let integer): String(integer)
        case .number(let number): Self.jsonText(of: number)
        case .bool(let flag): flag ? "true" : "false"
        case .none: "null"
        default: throw JinjaError("keys must be text, not \(typeName)")
        }
    }

    /// Whether one string key sorts before another.
    static func isTextBefore(_ left: JinjaValue, _ right: JinjaValue) -> Bool {
        guard case .string(let first) = left, case .string(let second) = right else { return false }
        return first.unicodeScalars.lexicographicallyPrecedes(second.unicodeScalars)
    }

    private static func jsonText(of number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        return text(of: number)
    }

    private static func jsonText(of string: String, _ style: JSONStyle) -> String {
        var text = String.UnicodeScalarView(["\""])
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text.append(contentsOf: "\\\"".unicodeScalars)
            case "\\": text.append(contentsOf: "\\\\".unicodeScalars)
            case "\n": text.append(contentsOf: "\\n".unicodeScalars)
            case "\r": text.append(contentsOf: "\\r".unicodeScalars)
            case "\t": text.append(contentsOf: "\\t".unicodeScalars)
            case "\u{8}": text.append(contentsOf: "\\b".unicodeScalars)
            case "\u{C}": text.append(contentsOf: "\\f".unicodeScalars)
            default:
                guard scalar.value < 0x20 || style.escapesOthers && scalar.value > 0x7E else {
                    text.append(scalar)
                    continue
                }
                for unit in String(Character(scalar)).utf16 {
                    let digits = String(unit, radix: 16)
                    let zeros = String(repeating: "0", count: 4 - digits.count)
                    text.append(contentsOf: ("\\u" + zeros + digits).unicodeScalars)
                }
            }
        }
        text.append("\"")
        return String(text)
    }
}
