/// What follows an expression: parts, calls, filters and tests.
extension JinjaParser {
    mutating func parsePostfix(_ first: JinjaExpression) throws(JinjaError)
        -> JinjaExpression
    {
        var value = first
        var count = 0
        while true {
            if takes(".") {
                if next.kind == .integer, let index = Int(next.text) {
                    take()
                    value = .item(value, .literal(.integer(index)))
                } else {
                    value = .attribute(value, try takeName())
                }
            } else if takes("[") {
                value = try parseSubscript(of: value)
            } else if next.kind == .sign, next.text == "(" {
                value = .call(value, try parseArguments())
            } else {
                return value
            }
            count += 1
            try checkChain(count)
        }
    }

    private mutating func parseSubscript(of value: JinjaExpression) throws(JinjaError)
        -> JinjaExpression
    {
        var parts: [JinjaExpression?] = [nil]
        while !takes("]") {
            if takes(":") {
                parts.append(nil)
            } else {
                guard parts[parts.count - 1] == nil else { throw failure("']' is expected") }
                parts[parts.count - 1] = try parseExpression()
            }
        }
        switch parts.count {
        case 1:
            guard let index = parts[0] else { throw failure("an index is expected") }
            return .item(value, index)
        case 2: return .slice(value, from: parts[0], to: parts[1], step: nil)
        case 3: return .slice(value, from: parts[0], to: parts[1], step: parts[2])
        default: throw failure("a slice has at most three parts")
        }
    }

    mutating func parseArguments() throws(JinjaError) -> JinjaArguments {
        var arguments = JinjaArguments()
        try require("(")
        var isFirst = true
        while !takes(")") {
            if !isFirst {
                try require(",")
                if takes(")") { break }
            }
            isFirst = false
            if takes("**") {
                guard arguments.namedSpread == nil else { throw failure("more than one '**'") }
                arguments.namedSpread = try parseExpression()
            } else if takes("*") {
                guard arguments.spread == nil, arguments.namedSpread == nil else {
                    throw failure("'*' has to stand once, before '**'")
                }
                arguments.spread = try parseExpression()
            } else if arguments.namedSpread != nil {
                throw failure("nothing can follow '**' here")
            } else if next.kind == .name, second.kind == .sign, second.text == "=" {
                let name = take().text
                take()
                arguments.named.append((name, try parseExpression()))
            } else {
                guard arguments.named.isEmpty, arguments.spread == nil else {
                    throw failure("a named argument is expected after a named one")
                }
                arguments.positional.append(try parseExpression())
            }
        }
        return arguments
    }

    mutating func parseFiltersAndTests(_ first: JinjaExpression) throws(JinjaError)
        -> JinjaExpression
    {
        var value = first
        var count = 0
        while true {
            if takes("|") {
                let (name, arguments) = try parseFilter()
                value = .filter(value, name, arguments)
            } else if takes(name: "is") {
                value = try parseTest(of: value)
            } else if next.kind == .sign, next.text == "(" {
                value = .call(value, try parseArguments())
            } else {
                return value
            }
            count += 1
            try checkChain(count)
        }
    }

    /// Parses the name of a known filter and its arguments.
    mutating func parseFilter() throws(JinjaError) -> JinjaStatement.Filter {
        let name = try takeName()
        guard JinjaFilter(rawValue: name) != nil else {
            throw failure("no filter is named '\(name)'")
        }
        let hasArguments = next.kind == .sign && next.text == "("
        return (name, hasArguments ? try parseArguments() : JinjaArguments())
    }

    private mutating func parseTest(of value: JinjaExpression) throws(JinjaError) -> JinjaExpression
    {
        let isNegated = takes(name: "not")
        let name = try takeName()
        guard JinjaTest(rawValue: name) != nil else { throw failure("no test is named '\(name)'") }
        var arguments = JinjaArguments()
        if next.kind == .sign, next.text == "(" {
            arguments = try parseArguments()
        } else if takesArgument {
            arguments.positional = [try parsePostfix(try parsePrimary())]
        }
        return .test(value, name, arguments, isNegated: isNegated)
    }

    /// Whether the next token is the argument of a test without parentheses.
    private var takesArgument: Bool {
        switch next.kind {
        case .name:
            !["else", "or", "and", "is", "if", "not", "in", "recursive"].contains(next.text)
        case .string, .integer, .number: true
        case .sign: next.text == "[" || next.text == "{"
        default: false
        }
    }
}
