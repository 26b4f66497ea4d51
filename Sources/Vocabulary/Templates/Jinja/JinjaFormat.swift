import Foundation

/// The part of Python's format specification after the colon, as `>10.2f`.
///
/// Source: "Format Specification Mini-Language" of the `string` module.
struct JinjaFormat {
    enum Alignment: Unicode.Scalar {
        case left = "<"
        case right = ">"
        case center = "^"
        /// Between the sign and the digits.
        case inside = "="
    }

    /// The widest result and the most digits behind the point.
    static let limit = 4096

    var fill: Unicode.Scalar = " "
    var alignment: Alignment?
    /// What stands before a positive number: nothing, a plus or a space.
    var sign = ""
    var isAlternate = false
    var hasZeros = false
    var width = 0
    var grouping = ""
    var precision: Int?
    var type: Unicode.Scalar?
    /// Whether anything was said.
    var isEmpty = true

    init() {}

    init(_ text: String) throws(JinjaError) {
        isEmpty = text.isEmpty
        var rest = Substring(text).unicodeScalars
        let second = rest.dropFirst().first.flatMap(Alignment.init)
        if let second, let first = rest.first {
            (fill, alignment) = (first, second)
            rest = rest.dropFirst(2)
        } else if let first = rest.first.flatMap(Alignment.init) {
            alignment = first
            rest.removeFirst()
        }
        if let first = rest.first, "+- ".unicodeScalars.contains(first) {
            sign = first == "-" ? "" : String(Character(first))
            rest.removeFirst()
        }
        if rest.first == "#" {
            isAlternate = true
            rest.removeFirst()
        }
        if rest.first == "0" {
            hasZeros = true
            if alignment == nil { fill = "0" }
            rest.removeFirst()
        }
        width = try Self.takeNumber(&rest) ?? 0
        if let first = rest.first, first == "," || first == "_" {
            grouping = String(Character(first))
            rest.removeFirst()
        }
        if rest.first == "." {
            rest.removeFirst()
            guard let digits = try Self.takeNumber(&rest) else {
                throw JinjaError("the format '\(text)' lacks a precision behind its point")
            }
            precision = digits
        }
        type = rest.popFirst()
        guard rest.isEmpty else { throw JinjaError("'\(text)' is no format") }
    }

    static func takeNumber(_ rest: inout Substring.UnicodeScalarView) throws(JinjaError) -> Int? {
        let digits = rest.prefix { ("0"..."9").contains($0) }
        guard !digits.isEmpty else { return nil }
        rest = rest[digits.endIndex...]
        guard let number = Int(String(digits)), number <= limit else {
            throw JinjaError("a width or precision is above \(limit)")
        }
        return number
    }

    // MARK: - Values

    /// A value as `format(value, self)` writes it.
    func format(_ value: JinjaValue, _ budget: inout JinjaBudget) throws(JinjaError) -> String {
        try budget.spend(bytes: width + (precision ?? 0))
        if isEmpty { return try value.text(&budget) }
        switch value {
        case .string(let text): return try format(text)
        case .number(let number): return try padded(try digits(of: number), isNumber: true)
        default:
            guard let integer = value.asInteger else {
                throw JinjaError("'\(value.typeName)' takes no format")
            }
            return try padded(try digits(of: integer), isNumber: true)
        }
    }

    private func format(_ text: String) throws(JinjaError) -> String {
        guard type == nil || type == "s", sign.isEmpty, alignment != .inside, grouping.isEmpty,
            !isAlternate
        else { throw JinjaError("a format that is not for texts") }
        let kept = precision.map { String(Substring(text.unicodeScalars.prefix($0))) } ?? text
        return try padded(kept, isNumber: false)
    }

    private func padded(_ text: String, isNumber: Bool) throws(JinjaError) -> String {
        let missing = width - text.unicodeScalars.count
        guard missing > 0 else { return text }
        let usual: Alignment = isNumber ? (hasZeros ? .inside : .right) : .left
        func filled(_ count: Int) -> String {
            String(repeating: String(Character(fill)), count: count)
        }
        switch alignment ?? usual {
        case .left: return text + filled(missing)
        case .right: return filled(missing) + text
        case .center: return filled(missing / 2) + text + filled(missing - missing / 2)
        case .inside:
            let head = text.prefix { "+- ".contains($0) }
            let prefix = isAlternate && text.dropFirst(head.count).hasPrefix("0") ? 2 : 0
            let start = head.count + ("bBoOxX".contains(typeText) ? prefix : 0)
            var tail = String(text.dropFirst(start))
            if hasZeros, !grouping.isEmpty { tail = groupedZeros(tail, width - start) }
            let zeros = max(width - start - tail.unicodeScalars.count, 0)
            return text.prefix(start) + filled(zeros) + tail
        }
    }

    private var typeText: String { type.map { String(Character($0)) } ?? "d" }

    // MARK: - Numbers

    private func digits(of integer: Int) throws(JinjaError) -> String {
        let head = integer < 0 ? "-" : sign
        let bases: [Unicode.Scalar: Int] = ["b": 2, "o": 8, "x": 16, "X": 16, "d": 10, "n": 10]
        switch type ?? "d" {
        case "e", "E", "f", "F", "g", "G", "%": return try digits(of: Double(integer))
        case "c":
            guard let scalar = UInt32(exactly: integer).flatMap(Unicode.Scalar.init) else {
                throw JinjaError("\(integer) is no character")
            }
            return String(Character(scalar))
        case let type:
            guard let base = bases[type], precision == nil else {
                throw JinjaError("a format that is not for integers")
            }
            let digits = String(integer.magnitude, radix: base, uppercase: type == "X")
            let prefix = isAlternate && base != 10 ? "0" + typeText : ""
            return head + prefix + grouped(digits, base == 10 ? 3 : 4)
        }
    }

    private func digits(of number: Double) throws(JinjaError) -> String {
        let head = number.sign == .minus && !number.isNaN ? "-" : sign
        let isUpper = type.map { $0.properties.isUppercase } ?? false
        guard number.isFinite else {
            let text = (number.isNaN ? "nan" : "inf") + (type == "%" ? "%" : "")
            return head + (isUpper ? text.uppercased() : text)
        }
        let digits: String
        switch type {
        case nil: digits = precision.map { shortest(number, $0) } ?? JinjaValue.text(of: number)
        case "%": digits = Self.printed(number * 100, "f", precision ?? 6) + "%"
        case "e", "E", "f", "F": digits = Self.printed(number, typeText, precision ?? 6)
        case "g", "G", "n":
            let text = Self.printed(number, isUpper ? "G" : "g", max(precision ?? 6, 1))
            digits = text
        default: throw JinjaError("a format that is not for numbers")
        }
        let bare = digits.hasPrefix("-") ? String(digits.dropFirst()) : digits
        let whole = bare.prefix { $0.isNumber }
        return head + grouped(String(whole), 3) + bare.dropFirst(whole.count)
    }

    /// `precision` digits, and at least one behind the point.
    private func shortest(_ number: Double, _ precision: Int) -> String {
        let precision = max(precision, 1)
        let exponent = Self.printed(number, "e", precision - 1)
        let power = exponent.split(separator: "e").last.flatMap { Int($0) } ?? 0
        var text = Self.printed(number, "g", precision)
        if power >= -4, power + 1 > precision - 1 {
            let parts = exponent.split(separator: "e").map(String.init)
            var mantissa = parts[0]
            if mantissa.contains(".") {
                while mantissa.hasSuffix("0") { mantissa.removeLast() }
                if mantissa.hasSuffix(".") { mantissa.removeLast() }
            }
            text = mantissa + "e" + parts[1]
        }
        return text.contains(".") || text.contains("e") ? text : text + ".0"
    }

    /// A number as C prints it.
    static func printed(_ number: Double, _ type: String, _ precision: Int) -> String {
        String(format: "%.\(precision)\(type)", number)
    }

    private func grouped(_ digits: String, _ size: Int) -> String {
        guard !grouping.isEmpty else { return digits }
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % size == 0 { text += grouping }
            text.append(digit)
        }
        return text
    }

    /// Zeros up to a width, in groups as the digits.
    private func groupedZeros(_ text: String, _ width: Int) -> String {
        let whole = text.prefix { $0.isNumber || $0 == "," || $0 == "_" }
        let rest = text.dropFirst(whole.count)
        var digits = whole.filter { $0.isNumber }
        while grouped(digits, 3).count + rest.count < width { digits = "0" + digits }
        return grouped(digits, 3) + rest
    }
}
