import Foundation

/// Python's two ways to put values into a text: `'{}'.format(x)` and `'%s' % x`.
extension JinjaInterpreter {
    /// The names of the fields count on, from the first without a name.
    private enum Numbering {
        case unused
        case automatic(Int)
        case manual
    }

    // MARK: - str.format

    /// `'…'.format(…)` of the sandbox.
    mutating func formatted(_ text: String, _ call: JinjaCall) throws(JinjaError) -> String {
        var numbering = Numbering.unused
        return try formatted(text, call, &numbering, depth: 2)
    }

    private mutating func formatted(
        _ text: String,
        _ call: JinjaCall,
        _ numbering: inout Numbering,
        depth: Int
    ) throws(JinjaError) -> String {
        guard depth > 0 else { throw JinjaError("formats are nested too deeply") }
        var result = ""
        var rest = Substring(text).unicodeScalars
        while let scalar = rest.popFirst() {
            switch scalar {
            case "{" where rest.first == "{", "}" where rest.first == "}":
                rest.removeFirst()
                result.unicodeScalars.append(scalar)
            case "}": throw JinjaError("a single '}' in a format")
            case "{":
                let field = try Self.takeField(&rest)
                result += try format(field, call, &numbering, depth: depth)
            default: result.unicodeScalars.append(scalar)
            }
            try budget.spend(bytes: result.utf8.count / 16)
            guard result.utf8.count <= JinjaBudget.maximumBytes else {
                throw JinjaError("makes a text of more than \(JinjaBudget.maximumBytes) bytes")
            }
        }
        return result
    }

    /// What stands between braces, of which inner ones are pairs.
    private static func takeField(_ rest: inout Substring.UnicodeScalarView) throws(JinjaError)
        -> String
    {
        var field = String.UnicodeScalarView()
        var open = 1
        while let scalar = rest.popFirst() {
            if scalar == "{" { open += 1 }
            if scalar == "}" { open -= 1 }
            if open == 0 { return String(field) }
            field.append(scalar)
        }
        throw JinjaError("a format has a '{' without its '}'")
    }

    private mutating func format(
        _ field: String,
        _ call: JinjaCall,
        _ numbering: inout Numbering,
        depth: Int
    ) throws(JinjaError) -> String {
        let parts = JinjaText.split(field, by: ":", limit: 1)
        let named = JinjaText.split(parts[0], by: "!", limit: 1)
        var value = try self.value(named[0], call, &numbering)
        if named.count == 2 {
            switch named[1] {
            case "s": value = .string(try value.text(&budget))
            case "r", "a":
                var text = ""
                try value.appendRepresentation(to: &text, &budget)
                value = .string(text)
            default: throw JinjaError("'!\(named[1])' is no conversion; known are !s, !r and !a")
            }
        }
        guard parts.count == 2 else { return try value.text(&budget) }
        let spec = try formatted(parts[1], call, &numbering, depth: depth - 1)
        return try JinjaFormat(spec).format(value, &budget)
    }

    /// The value of a field, as `0.name[key]`.
    private mutating func value(
        _ field: String,
        _ call: JinjaCall,
        _ numbering: inout Numbering
    ) throws(JinjaError) -> JinjaValue {
        let name = String(field.prefix { $0 != "." && $0 != "[" })
        var rest = field.dropFirst(name.count)
        var value = try argument(name, call, &numbering)
        while let first = rest.popFirst() {
            if first == "." {
                let attribute = String(rest.prefix { $0 != "." && $0 != "[" })
                rest = rest.dropFirst(attribute.count)
                value = try self.attribute(attribute, of: value)
            } else {
                let key = String(rest.prefix { $0 != "]" })
                rest = rest.dropFirst(key.count)
                guard first == "[", rest.popFirst() == "]" else {
                    throw JinjaError("'\(field)' is no field of a format")
                }
                value = try item(Int(key).map(JinjaValue.integer) ?? .string(key), of: value)
            }
        }
        return value
    }

    private func argument(_ name: String, _ call: JinjaCall, _ numbering: inout Numbering)
        throws(JinjaError) -> JinjaValue
    {
        guard name.isEmpty || Int(name) != nil else {
            if let value = call.named.first(where: { $0.name == name })?.value { return value }
            throw JinjaError("the format's '\(name)' is missing")
        }
        let index: Int
        switch (numbering, Int(name)) {
        case (.automatic, .some), (.manual, nil):
            throw JinjaError("a format has numbered fields as well as others")
        case (.unused, nil): (index, numbering) = (0, .automatic(1))
        case (.automatic(let next), nil): (index, numbering) = (next, .automatic(next + 1))
        case (_, let given?): (index, numbering) = (given, .manual)
        }
        guard call.positional.indices.contains(index) else {
            throw JinjaError("the format's value \(index) is missing")
        }
        return call.positional[index]
    }

    // MARK: - Percent

    /// `'…' % values`; a tuple has a value for each sign, a dictionary has them by name.
    mutating func formatted(_ text: String, percent values: JinjaValue) throws(JinjaError)
        -> String
    {
        var arguments = [values]
        var isMapping = false
        switch values {
        case .list(let list) where list.isTuple: arguments = list.elements
        case .list, .dictionary: isMapping = true
        default: break
        }
        var used = 0
        func next(_ arguments: [JinjaValue]) throws(JinjaError) -> JinjaValue {
            guard used < arguments.count else {
                throw JinjaError("not enough arguments for the format")
            }
            used += 1
            return arguments[used - 1]
        }
        var result = ""
        var rest = Substring(text).unicodeScalars
        while let scalar = rest.popFirst() {
            guard scalar == "%" else {
                result.unicodeScalars.append(scalar)
                continue
            }
            var key: String?
            if rest.first == "(" {
                let name = rest.dropFirst().prefix { $0 != ")" }
                key = String(name)
                rest = rest[name.endIndex...].dropFirst()
            }
            var sign = JinjaPercent()
            sign.takeFlags(&rest)
            if rest.first == "*" {
                rest.removeFirst()
                try sign.setWidth(next(arguments))
            } else {
                sign.format.width = try JinjaFormat.takeNumber(&rest) ?? 0
            }
            if rest.first == "." {
                rest.removeFirst()
                if rest.first == "*" {
                    rest.removeFirst()
                    try sign.setPrecision(next(arguments))
                } else {
                    sign.format.precision = try JinjaFormat.takeNumber(&rest) ?? 0
                }
            }
            while let first = rest.first, "hlL".unicodeScalars.contains(first) {
                rest.removeFirst()
            }
            guard let type = rest.popFirst() else { throw JinjaError("incomplete format") }
            if type == "%" {
                result += "%"
                continue
            }
            var value = JinjaValue.none
            if let key {
                guard case .dictionary(let dictionary) = values, let found = dictionary[key] else {
                    throw JinjaError("the format's '\(key)' is missing")
                }
                value = found
            } else {
                value = try next(arguments)
            }
            result += try sign.format(value, as: type, &budget)
            try budget.spend(bytes: result.utf8.count / 16)
            guard result.utf8.count <= JinjaBudget.maximumBytes else {
                throw JinjaError("makes a text of more than \(JinjaBudget.maximumBytes) bytes")
            }
        }
        guard isMapping || used == arguments.count else {
            throw JinjaError("not all arguments converted during string formatting")
        }
        return result
    }
}
