import Foundation

extension JinjaInterpreter {
    func number(_ value: JinjaValue, _ filter: JinjaFilter, _ call: JinjaCall)
        throws(JinjaError) -> JinjaValue
    {
        switch filter {
        case .abs:
            switch try value.defined() {
            case .number(let number): return .number(Swift.abs(number))
            default:
                guard let integer = value.asInteger, integer > .min else {
                    throw JinjaError("bad operand type for abs(): '\(value.typeName)'")
                }
                return .integer(Swift.abs(integer))
            }
        case .round: return try rounded(value, call)
        case .float:
            if let number = try value.defined().asNumber { return .number(number) }
            if case .string(let text) = value, let number = Self.number(text) {
                return .number(number)
            }
            return call.value(0, "default") ?? .number(0)
        default: return try integer(value, call)
        }
    }

    /// Halves go to the even neighbor; an integer stays one.
    private func rounded(_ value: JinjaValue, _ call: JinjaCall) throws(JinjaError) -> JinjaValue {
        guard let number = try value.defined().asNumber else {
            throw JinjaError("'round' needs a number, found \(value.typeName)")
        }
        let places = try call.integer(0, "precision", default: 0)
        guard (-18...300).contains(places) else {
            throw JinjaError("'round' takes -18 to 300 places")
        }
        let method = try call.text(1, "method", default: "common")
        guard method == "common" else {
            guard method == "ceil" || method == "floor" else {
                throw JinjaError("'round' takes the methods common, ceil and floor")
            }
            let scale = pow(10, Double(places))
            let rounded = (number * scale).rounded(method == "ceil" ? .up : .down)
            guard rounded.isFinite else { throw JinjaError("cannot round \(number)") }
            return .number(rounded / scale)
        }
        guard let integer = value.asInteger else {
            guard places < 0 else {
                let rounded = Double(JinjaFormat.printed(number, "f", places)) ?? number
                return .number(rounded)
            }
            let scale = pow(10, Double(-places))
            return .number((number / scale).rounded(.toNearestOrEven) * scale)
        }
        guard places < 0 else { return .integer(integer) }
        let scale = (0..<(-places)).reduce(1) { scale, _ in scale * 10 }
        let (whole, rest) = integer.quotientAndRemainder(dividingBy: scale)
        let isUp =
            Swift.abs(rest) > scale / 2 || Swift.abs(rest) == scale / 2 && whole % 2 != 0
        let units = isUp ? whole + integer.signum() : whole
        let result = units.multipliedReportingOverflow(by: scale)
        guard !result.overflow else { throw JinjaError("an integer has more than 64 bits") }
        return .integer(result.partialValue)
    }

    private func integer(_ value: JinjaValue, _ call: JinjaCall) throws(JinjaError) -> JinjaValue {
        if let integer = try value.defined().asInteger { return .integer(integer) }
        var number = value.asNumber
        if case .string(let text) = value {
            let base = try call.integer(1, "base", default: 10)
            guard (2...36).contains(base) else { throw JinjaError("'int' takes base 2 to 36") }
            if let integer = Self.integer(text, base) { return .integer(integer) }
            number = Self.number(text)
        }
        guard let number, let integer = Int(exactly: number.rounded(.towardZero)) else {
            return call.value(0, "default") ?? .integer(0)
        }
        return .integer(integer)
    }

    /// An integer as Python reads it: with `_` between digits, and `0x` and the like of its base.
    private static func integer(_ text: String, _ base: Int) -> Int? {
        var digits = JinjaText.stripped(text, nil)
        let sign =
            digits.hasPrefix("-") || digits.hasPrefix("+") ? String(digits.removeFirst()) : ""
        let prefixes = [2: "0b", 8: "0o", 16: "0x"]
        if let prefix = prefixes[base], digits.lowercased().hasPrefix(prefix) {
            digits.removeFirst(2)
        }
        guard !digits.hasPrefix("_"), !digits.hasSuffix("_"), !digits.contains("__"),
            !digits.hasPrefix("+"), !digits.hasPrefix("-")
        else { return nil }
        return Int(sign + digits.filter { $0 != "_" }, radix: base)
    }

    /// A number as Python reads it: with `_` between digits, and not hexadecimal.
    private static func number(_ text: String) -> Double? {
        let text = JinjaText.stripped(text, nil)
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        for (part, next) in zip(parts, parts.dropFirst()) {
            guard part.last?.isNumber == true, next.first?.isNumber == true else { return nil }
        }
        return text.lowercased().contains("x") ? nil : Double(parts.joined())
    }
}
