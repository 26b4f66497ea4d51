extension JSON {
    /// The layout of JSON text.
    package enum Layout: Sendable {
        /// One line.
        case compact
        /// Indented by two spaces a level, arrays of plain values on one line.
        case indented
    }

    /// The value as JSON text, without a final newline.
    package func text(_ layout: Layout = .compact) -> String {
        var text = ""
        write(into: &text, indent: layout == .indented ? 0 : nil)
        return text
    }

    private func write(into text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value):
            precondition(value.isFinite, "JSON has no \(value)")
            text += "\(value)"
        case .string(let value): Self.write(value, into: &text)
        case .array(let elements):
            let broken = elements.contains { $0.isContainer } ? indent : nil
            Self.write(elements, "[", "]", into: &text, indent: broken, separator: indent) {
                $0.write(into: &$1, indent: broken.map { $0 + 1 })
            }
        case .object(let object):
            Self.write(object.members, "{", "}", into: &text, indent: indent, separator: indent) {
                Self.write($0.key, into: &$1)
                $1 += indent == nil ? ":" : ": "
                $0.value.write(into: &$1, indent: indent.map { $0 + 1 })
            }
        }
    }

    private var isContainer: Bool {
        switch self {
        case .array, .object: true
        default: false
        }
    }

    private static func write<Element>(
        _ elements: [Element],
        _ open: String,
        _ close: String,
        into text: inout String,
        indent: Int?,
        separator: Int?,
        element: (Element, inout String) -> Void
    ) {
        text += open
        for (index, item) in elements.enumerated() {
            if index > 0 { text += indent == nil && separator != nil ? ", " : "," }
            if let indent { text += "\n" + String(repeating: "  ", count: indent + 1) }
            element(item, &text)
        }
        if let indent, !elements.isEmpty {
            text += "\n" + String(repeating: "  ", count: indent)
        }
        text += close
    }

    private static func write(_ string: String, into text: inout String) {
        text += "\""
        // Most strings need no escape and are appended whole.
        if string.utf8.allSatisfy({ !isEscaped($0) }) {
            text += string
        } else {
            for run in string.utf8.split(
                omittingEmptySubsequences: false,
                whereSeparator: isEscaped
            ) {
                text += Substring(run)
                if run.endIndex < string.utf8.endIndex { text += escape(string.utf8[run.endIndex]) }
            }
        }
        text += "\""
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func escape(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "\""): return "\\\""
        case UInt8(ascii: "\\"): return "\\\\"
        case UInt8(ascii: "\n"): return "\\n"
        case UInt8(ascii: "\r"): return "\\r"
        case UInt8(ascii: "\t"): return "\\t"
        default:
            let digits = String(byte, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
}
