/// One sign of a `%` format, as `%-5.2f`.
struct JinjaPercent {
    var format = JinjaFormat()
    private var isLeft = false

    init() {}

    mutating func takeFlags(_ rest: inout Substring.UnicodeScalarView) {
        while let flag = rest.first {
            switch flag {
            case "-": isLeft = true
            case "+": format.sign = "+"
            case " ": if format.sign.isEmpty { format.sign = " " }
            case "0": format.hasZeros = true
            case "#": format.isAlternate = true
            default: return
            }
            rest.removeFirst()
        }
    }

    mutating func setWidth(_ value: JinjaValue) throws(JinjaError) {
        guard let width = value.asInteger, abs(width) <= JinjaFormat.limit else {
            throw JinjaError("* wants int")
        }
        if width < 0 { isLeft = true }
        format.width = abs(width)
    }

    mutating func setPrecision(_ value: JinjaValue) throws(JinjaError) {
        guard let precision = value.asInteger, precision <= JinjaFormat.limit else {
            throw JinjaError("* wants int")
        }
        format.precision = max(precision, 0)
    }

    func format(_ value: JinjaValue, as type: Unicode.Scalar, _ budget: inout JinjaBudget)
        throws(JinjaError) -> String
    {
        var format = self.format
        format.isEmpty = false
        format.alignment = isLeft ? .left : .right
        switch type {
        case "s", "r", "a", "c":
            (format.type, format.hasZeros, format.sign, format.isAlternate) =
                ("s", false, "", false)
            return try format.format(.string(try text(value, type, &budget)), &budget)
        case "d", "i", "u", "x", "X", "o":
            return try self.integer(value, type, &format, &budget)
        case "e", "E", "f", "F", "g", "G":
            guard let number = value.asNumber else {
                throw JinjaError("must be real number, not \(value.typeName)")
            }
            format.type = type
            if format.hasZeros, !isLeft { (format.fill, format.alignment) = ("0", .inside) }
            return try format.format(.number(number), &budget)
        default: throw JinjaError("unsupported format character '\(Character(type))'")
        }
    }

    private func text(_ value: JinjaValue, _ type: Unicode.Scalar, _ budget: inout JinjaBudget)
        throws(JinjaError) -> String
    {
        if type == "c" {
            if case .string(let text) = value, text.unicodeScalars.count == 1 { return text }
            guard let integer = value.asInteger,
                let scalar = UInt32(exactly: integer).flatMap(Unicode.Scalar.init)
            else { throw JinjaError("%c requires int or char") }
            return String(Character(scalar))
        }
        guard type == "s" else {
            var text = ""
            try value.appendRepresentation(to: &text, &budget)
            return text
        }
        return try value.text(&budget)
    }

    private func integer(
        _ value: JinjaValue,
        _ type: Unicode.Scalar,
        _ format: inout JinjaFormat,
        _ budget: inout JinjaBudget
    ) throws(JinjaError) -> String {
        var integer = value.asInteger
        let isDecimal = type == "d" || type == "i" || type == "u"
        if case .number(let number) = value, isDecimal {
            integer = Int(exactly: number.rounded(.towardZero))
        }
        guard let integer else {
            throw JinjaError("%\(Character(type)) format: a number is required")
        }
        format.type = isDecimal ? "d" : type
        // Here, a precision is the least number of digits.
        if let precision = format.precision {
            format.precision = nil
            var digits = format
            (digits.width, digits.sign, digits.isAlternate) = (0, "", false)
            let bare = try digits.format(.integer(integer), &budget).drop { $0 == "-" }
            if bare.count < precision {
                let head = integer < 0 ? "-" : format.sign
                let zeros = String(repeating: "0", count: precision - bare.count)
                (format.type, format.sign, format.hasZeros) = ("s", "", false)
                format.isAlternate = false
                return try format.format(.string(head + zeros + bare), &budget)
            }
        }
        if format.hasZeros, !isLeft { (format.fill, format.alignment) = ("0", .inside) }
        return try format.format(.integer(integer), &budget)
    }
}
