extension JinjaParser {
    /// Parses one expression, or several with commas as a tuple.
    mutating func parseTuple(withCondition: Bool = true) throws(JinjaError) -> JinjaExpression {
        let first = withCondition ? try parseExpression() : try parseOr()
        guard next.kind == .sign, next.text == "," else { return first }
        var elements = [first]
        while takes(",") {
            guard canBegin else { break }
            elements.append(withCondition ? try parseExpression() : try parseOr())
        }
        return .list(elements, isTuple: true)
    }

    /// Whether the next token can begin an expression.
    private var canBegin: Bool {
        switch next.kind {
        case .name, .string, .integer, .number: true
        case .sign: "([{+-".contains(next.text)
        default: false
        }
    }

    /// Parses one expression with `if` and `else`.
    mutating func parseExpression() throws(JinjaError) -> JinjaExpression {
        try nested { parser throws(JinjaError) in
            var value = try parser.parseOr()
            var count = 0
            while parser.takes(name: "if") {
                let test = try parser.parseOr()
                let otherwise = parser.takes(name: "else") ? try parser.parseExpression() : nil
                value = .condition(test, then: value, otherwise: otherwise)
                count += 1
                try parser.checkChain(count)
            }
            return value
        }
    }

    private mutating func parseOr() throws(JinjaError) -> JinjaExpression {
        var left = try parseAnd()
        var count = 0
        while takes(name: "or") {
            left = .or(left, try parseAnd())
            count += 1
            try checkChain(count)
        }
        return left
    }

    private mutating func parseAnd() throws(JinjaError) -> JinjaExpression {
        var left = try parseNot()
        var count = 0
        while takes(name: "and") {
            left = .and(left, try parseNot())
            count += 1
            try checkChain(count)
        }
        return left
    }

    private mutating func parseNot() throws(JinjaError) -> JinjaExpression {
        guard takes(name: "not") else { return try parseComparison() }
        return try nested { parser throws(JinjaError) in .unary(.not, try parser.parseNot()) }
    }

    private mutating func parseComparison() throws(JinjaError) -> JinjaExpression {
        let first = try parseSum()
        var others: [(JinjaComparison, JinjaExpression)] = []
        while true {
            if next.kind == .sign, let comparison = JinjaComparison(rawValue: next.text) {
                take()
                others.append((comparison, try parseSum()))
            } else if takes(name: "in") {
                others.append((.isIn, try parseSum()))
            } else if isNext(name: "not"), second.kind == .name, second.text == "in" {
                take()
                take()
                others.append((.isNotIn, try parseSum()))
            } else {
                return others.isEmpty ? first : .comparison(first, others)
            }
        }
    }

    private mutating func parseSum() throws(JinjaError) -> JinjaExpression {
        var left = try parseConcatenation()
        var count = 0
        while let sign = takeSign(["+", "-"]) {
            left = .binary(left, sign, try parseConcatenation())
            count += 1
            try checkChain(count)
        }
        return left
    }

    private mutating func parseConcatenation() throws(JinjaError) -> JinjaExpression {
        var parts = [try parseProduct()]
        while takes("~") { parts.append(try parseProduct()) }
        return parts.count == 1 ? parts[0] : .concatenation(parts)
    }

    private mutating func parseProduct() throws(JinjaError) -> JinjaExpression {
        var left = try parsePower()
        var count = 0
        while let sign = takeSign(["*", "/", "//", "%"]) {
            left = .binary(left, sign, try parsePower())
            count += 1
            try checkChain(count)
        }
        return left
    }

    private mutating func parsePower() throws(JinjaError) -> JinjaExpression {
        var left = try parseUnary(withFilters: true)
        var count = 0
        while let sign = takeSign(["**"]) {
            left = .binary(left, sign, try parseUnary(withFilters: true))
            count += 1
            try checkChain(count)
        }
        return left
    }

    private mutating func takeSign(_ signs: [String]) -> JinjaBinary? {
        guard next.kind == .sign, signs.contains(next.text) else { return nil }
        return JinjaBinary(rawValue: take().text)
    }

    private mutating func parseUnary(withFilters: Bool) throws(JinjaError) -> JinjaExpression {
        var value: JinjaExpression
        if takes("-") {
            value = try nested { parser throws(JinjaError) in
                .unary(.minus, try parser.parseUnary(withFilters: false))
            }
        } else if takes("+") {
            value = try nested { parser throws(JinjaError) in
                .unary(.plus, try parser.parseUnary(withFilters: false))
            }
        } else {
            value = try parsePrimary()
        }
        value = try parsePostfix(value)
        return withFilters ? try parseFiltersAndTests(value) : value
    }

    // MARK: - Primary expressions

    mutating func parsePrimary() throws(JinjaError) -> JinjaExpression {
        let token = next
        switch token.kind {
        case .name:
            take()
            switch token.text {
            case "true", "True": return .literal(.bool(true))
            case "false", "False": return .literal(.bool(false))
            case "none", "None": return .literal(.none)
            default: return .name(token.text)
            }
        case .string:
            var text = take().text
            while next.kind == .string { text += take().text }
            return .literal(.string(text))
        case .integer:
            guard let integer = Int(token.text) else {
                throw failure("the integer \(token.text) is too large")
            }
            take()
            return .literal(.integer(integer))
        case .number:
            take()
            return .literal(.number(Double(token.text) ?? .nan))
        case .sign where token.text == "(":
            take()
            if takes(")") { return .list([], isTuple: true) }
            let value = try parseTuple()
            try require(")")
            return value
        case .sign where token.text == "[":
            take()
            return .list(try parseElements(until: "]"), isTuple: false)
        case .sign where token.text == "{":
            take()
            return try parseDictionary()
        default:
            throw failure("an expression is expected, found \(found)")
        }
    }

    private mutating func parseElements(until end: String) throws(JinjaError) -> [JinjaExpression] {
        var elements: [JinjaExpression] = []
        while !takes(end) {
            if !elements.isEmpty {
                try require(",")
                if takes(end) { break }
            }
            elements.append(try parseExpression())
        }
        return elements
    }

    private mutating func parseDictionary() throws(JinjaError) -> JinjaExpression {
        var members: [(key: JinjaExpression, value: JinjaExpression)] = []
        while !takes("}") {
            if !members.isEmpty {
                try require(",")
                if takes("}") { break }
            }
            let key = try parseExpression()
            try require(":")
            members.append((key, try parseExpression()))
        }
        return .dictionary(members)
    }
}
