import Foundation

extension JinjaInterpreter {
    func apply(_ sign: JinjaUnary, to operand: JinjaValue) throws(JinjaError) -> JinjaValue {
        if sign == .not { return .bool(!operand.isTrue) }
        switch try operand.defined() {
        case .number(let number): return .number(sign == .minus ? -number : number)
        default:
            guard let integer = operand.asInteger else {
                throw JinjaError("'\(operand.typeName)' has no sign")
            }
            return try result(
                sign == .minus ? Int.zero.subtractingReportingOverflow(integer) : (integer, false)
            )
        }
    }

    mutating func apply(_ sign: JinjaBinary, _ left: JinjaValue, _ right: JinjaValue)
        throws(JinjaError) -> JinjaValue
    {
        if sign == .remainder, case .string(let text) = left {
            return .string(try formatted(text, percent: right))
        }
        switch (sign, try left.defined(), try right.defined()) {
        case (.plus, .string(let first), .string(let second)):
            try budget.spend(bytes: first.utf8.count + second.utf8.count)
            return .string(first + second)
        case (.plus, .list(let first), .list(let second)) where first.isTuple == second.isTuple:
            try budget.spend(first.elements.count + second.elements.count)
            let elements = first.elements + second.elements
            return .list(try JinjaList(elements, isTuple: first.isTuple))
        case (.times, .string(let text), _), (.times, _, .string(let text)):
            let count = try repetitions(left, right)
            let bytes = text.utf8.count.multipliedReportingOverflow(by: count)
            try budget.spend(bytes: bytes.overflow ? .max : bytes.partialValue)
            return .string(String(repeating: text, count: count))
        case (.times, .list(let list), _), (.times, _, .list(let list)):
            let count = try repetitions(left, right)
            let total = list.elements.count.multipliedReportingOverflow(by: count)
            try budget.spend(min(total.overflow ? .max : total.partialValue, 1 << 32))
            let elements = (0..<count).flatMap { _ in list.elements }
            return .list(try JinjaList(elements, isTuple: list.isTuple))
        default:
            if let first = left.asInteger, let second = right.asInteger {
                return try apply(sign, first, second)
            }
            guard let first = left.asNumber, let second = right.asNumber else {
                throw JinjaError(
                    "unsupported operand types for \(sign.rawValue): '\(left.typeName)' and "
                        + "'\(right.typeName)'"
                )
            }
            return .number(try apply(sign, first, second))
        }
    }

    private func repetitions(_ left: JinjaValue, _ right: JinjaValue) throws(JinjaError) -> Int {
        guard let count = left.asInteger ?? right.asInteger else {
            throw JinjaError("cannot multiply '\(left.typeName)' by '\(right.typeName)'")
        }
        return max(count, 0)
    }

    private func apply(_ sign: JinjaBinary, _ left: Int, _ right: Int) throws(JinjaError)
        -> JinjaValue
    {
        switch sign {
        case .plus: return try result(left.addingReportingOverflow(right))
        case .minus: return try result(left.subtractingReportingOverflow(right))
        case .times: return try result(left.multipliedReportingOverflow(by: right))
        case .dividedBy: return .number(try apply(sign, Double(left), Double(right)))
        case .dividedWhole, .remainder:
            guard right != 0 else { throw JinjaError("division by zero") }
            let whole = left.dividedReportingOverflow(by: right)
            guard !whole.overflow else { return try result(whole) }
            let rest = left % right
            let isBelow = rest != 0 && (rest < 0) != (right < 0)
            return .integer(
                sign == .remainder
                    ? (isBelow ? rest + right : rest) : whole.partialValue - (isBelow ? 1 : 0)
            )
        case .power:
            guard right >= 0 else { return .number(pow(Double(left), Double(right))) }
            var power = (partialValue: 1, overflow: false)
            for _ in 0..<min(right, 64) where abs(left) > 1 {
                power = power.partialValue.multipliedReportingOverflow(by: left)
                _ = try result(power)
            }
            if abs(left) <= 1 {
                power.partialValue = right == 0 ? 1 : left < 0 && right % 2 == 0 ? 1 : left
            }
            return .integer(power.partialValue)
        }
    }

    private func apply(_ sign: JinjaBinary, _ left: Double, _ right: Double) throws(JinjaError)
        -> Double
    {
        switch sign {
        case .plus: return left + right
        case .minus: return left - right
        case .times: return left * right
        case .power: return pow(left, right)
        case .dividedBy, .dividedWhole, .remainder:
            guard right != 0 else { throw JinjaError("division by zero") }
            if sign == .dividedBy { return left / right }
            let whole = (left / right).rounded(.down)
            return sign == .dividedWhole ? whole : left - whole * right
        }
    }

    private func result(_ result: (partialValue: Int, overflow: Bool)) throws(JinjaError)
        -> JinjaValue
    {
        guard !result.overflow else { throw JinjaError("an integer has more than 64 bits") }
        return .integer(result.partialValue)
    }
}
