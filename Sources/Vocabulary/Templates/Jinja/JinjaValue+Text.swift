extension JinjaValue {
    /// The name of the type in Python's messages.
    var typeName: String {
        switch self {
        case .undefined: "Undefined"
        case .none: "NoneType"
        case .bool: "bool"
        case .integer: "int"
        case .number: "float"
        case .string: "str"
        case .list(let list): list.isTuple ? "tuple" : "list"
        case .dictionary: "dict"
        case .namespace: "Namespace"
        case .cycler: "Cycler"
        case .loop: "LoopContext"
        case .function: "function"
        }
    }

    func text(_ budget: inout JinjaBudget) throws(JinjaError) -> String {
        switch self {
        case .string(let text): return text
        case .undefined: return ""
        default:
            var text = ""
            try appendRepresentation(to: &text, &budget)
            return text
        }
    }

    /// Appends the text of Python's `repr`.
    func appendRepresentation(to text: inout String, _ budget: inout JinjaBudget)
        throws(JinjaError)
    {
        let start = text.utf8.count
        switch self {
        case .undefined: text += "Undefined"
        case .none: text += "None"
        case .bool(let flag): text += flag ? "True" : "False"
        case .integer(let integer): text += String(integer)
        case .number(let number): text += Self.text(of: number)
        case .string(let string): text += Self.quoted(string)
        case .list(let list):
            text += list.isTuple ? "(" : "["
            for (index, element) in list.elements.enumerated() {
                if index > 0 { text += ", " }
                try element.appendRepresentation(to: &text, &budget)
            }
            if list.isTuple, list.elements.count == 1 { text += "," }
            text += list.isTuple ? ")" : "]"
        case .dictionary(let dictionary):
            text += "{"
            for (index, member) in dictionary.members.enumerated() {
                if index > 0 { text += ", " }
                try member.key.appendRepresentation(to: &text, &budget)
                text += ": "
                try member.value.appendRepresentation(to: &text, &budget)
            }
            text += "}"
        case .namespace: text += "<Namespace>"
        case .cycler: text += "<Cycler>"
        case .loop(let loop): text += "<LoopContext \(loop.index + 1)/\(loop.elements.count)>"
        case .function: text += "<function>"
        }
        try budget.spend()
        try budget.spend(bytes: text.utf8.count - start)
    }

    /// A number as Python writes it.
    static func text(of number: Double) -> String {
        if number.isNaN { return "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        if number == number.rounded(), abs(number) < 1e16 {
            return (number.sign == .minus ? "-" : "") + "\(Int(abs(number))).0"
        }
        return "\(number)"
    }

    private static func quoted(_ string: String) -> String {
        let hasSingle = string.utf8.contains(0x27)
        let quote: Unicode.Scalar = hasSingle && !string.utf8.contains(0x22) ? "\"" : "'"
        var text = String.UnicodeScalarView([quote])
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\\": text.append(contentsOf: "\\\\".unicodeScalars)
            case "\n": text.append(contentsOf: "\\n".unicodeScalars)
            case "\r": text.append(contentsOf: "\\r".unicodeScalars)
            case "\t": text.append(contentsOf: "\\t".unicodeScalars)
            case quote:
                text.append("\\")
                text.append(scalar)
            default:
                if isPrintable(scalar) {
                    text.append(scalar)
                } else {
                    text.append(contentsOf: escaped(scalar).unicodeScalars)
                }
            }
        }
        text.append(quote)
        return String(text)
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        let (mark, count) =
            scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
        return "\\" + mark + String(repeating: "0", count: count - digits.count) + digits
    }
}
