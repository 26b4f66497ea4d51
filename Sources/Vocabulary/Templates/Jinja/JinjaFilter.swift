/// The filters of a template, as in `x | trim`.
enum JinjaFilter: String {
    case abs, attr, batch, capitalize, center, count, d, `default`, dictsort, e, escape, first
    case float, indent, int, items, join, last, length, list, lower, map, max, min, reject
    case rejectattr, replace, reverse, round, safe, select, selectattr, sort, string, sum, title
    case tojson, trim, unique, upper, wordcount, groupby
}

extension JinjaInterpreter {
    mutating func filter(_ value: JinjaValue, _ name: String, _ call: JinjaCall)
        throws(JinjaError) -> JinjaValue
    {
        guard let filter = JinjaFilter(rawValue: name) else {
            throw JinjaError("no filter is named '\(name)'")
        }
        switch filter {
        case .default, .d:
            let isMissing =
                if case .undefined = value { true } else {
                    call.flag(1, "boolean") && !value.isTrue
                }
            return isMissing ? call.value(0, "default_value") ?? .string("") : value
        case .string, .safe: return .string(try value.text(&budget))
        case .tojson: return .string(try json(of: value, call))
        case .attr:
            let name = try call.text(0, "name")
            return JinjaMethods.attribute(name, of: value) ?? .undefined("'\(name)'")
        case .abs, .round, .int, .float: return try number(value, filter, call)
        case .length, .count: return .integer(try length(of: value))
        case .upper, .lower, .capitalize, .title, .trim, .replace, .indent, .center, .escape, .e,
            .wordcount:
            return try text(try value.text(&budget), filter, call)
        case .reverse:
            if case .string(let text) = value {
                return .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
            }
            let elements = try value.elements(&budget).reversed()
            return .list(try JinjaList(Array(elements), isLazy: true))
        case .items:
            if case .undefined = value { return .list(try JinjaList([], isLazy: true)) }
            guard case .dictionary(let dictionary) = value else {
                throw JinjaError("'items' needs a dictionary, found \(value.typeName)")
            }
            try budget.spend(dictionary.members.count)
            return .list(try JinjaList(try dictionary.pairs(), isLazy: true))
        case .first, .last:
            let elements = try value.elements(&budget)
            return (filter == .first ? elements.first : elements.last)
                ?? .undefined("the \(name) of nothing")
        case .list: return .list(try JinjaList(try value.elements(&budget)))
        case .join: return .string(try join(value, call))
        case .map: return try map(value, call)
        case .select, .reject, .selectattr, .rejectattr: return try select(value, filter, call)
        case .sort, .unique, .min, .max, .dictsort, .groupby: return try order(value, filter, call)
        case .sum: return try sum(value, call)
        case .batch: return try batch(value, call)
        }
    }

    private func length(of value: JinjaValue) throws(JinjaError) -> Int {
        switch value {
        case .undefined: return 0
        case .string(let text): return text.unicodeScalars.count
        case .list(let list) where !list.isLazy: return list.elements.count
        case .dictionary(let dictionary): return dictionary.members.count
        default: throw JinjaError("object of type '\(value.typeName)' has no len()")
        }
    }

    private mutating func json(of value: JinjaValue, _ call: JinjaCall) throws(JinjaError) -> String
    {
        var style = JinjaValue.JSONStyle()
        style.escapesOthers = call.flag(0, "ensure_ascii")
        switch call.value(1, "indent") ?? .none {
        case .none: break
        case .string(let text): style.indent = text
        default:
            let width = try call.integer(1, "indent")
            guard width <= 64 else { throw JinjaError("an indent of \(width) is too large") }
            style.indent = String(repeating: " ", count: Swift.max(width, 0))
        }
        if case .list(let pair)? = call.value(2, "separators"), pair.elements.count == 2 {
            style.separators = (
                try pair.elements[0].text(&budget), try pair.elements[1].text(&budget)
            )
        }
        style.sortsKeys = call.flag(3, "sort_keys")
        var text = ""
        try value.appendJSON(to: &text, style, &budget)
        return text
    }

    private mutating func text(_ text: String, _ filter: JinjaFilter, _ call: JinjaCall)
        throws(JinjaError) -> JinjaValue
    {
        try budget.spend(bytes: text.utf8.count)
        switch filter {
        case .upper: return .string(text.uppercased())
        case .lower: return .string(text.lowercased())
        case .capitalize: return .string(JinjaText.capitalized(text))
        case .trim:
            let set = call.value(0, "chars") == nil ? nil : try call.text(0, "chars")
            return .string(JinjaText.stripped(text, set))
        case .replace:
            let old = try call.value(0, "old")?.text(&budget) ?? ""
            let new = try call.value(1, "new")?.text(&budget) ?? ""
            try JinjaTextMethods.checkReplacement(text, old, new, &budget)
            let limit = try call.integer(2, "count", default: -1)
            return .string(
                JinjaText.replacing(text, old, with: new, limit: limit < 0 ? .max : limit)
            )
        case .indent: return .string(try indented(text, call))
        case .center:
            return try JinjaTextMethods.call(
                "center",
                of: text,
                JinjaCall(positional: [.integer(try call.integer(0, "width", default: 80))]),
                &budget
            )
        case .wordcount:
            let words = text.unicodeScalars.split { scalar in
                !(scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || scalar == "_")
            }
            return .integer(words.count)
        case .title: return .string(Self.titled(text))
        default:
            var escaped = text
            for (sign, name) in [
                ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&#34;"), ("'", "&#39;"),
            ] { escaped = JinjaText.replacing(escaped, sign, with: name) }
            return .string(escaped)
        }
    }

    /// Capitals at the start, after white space, hyphens and opening brackets.
    private static func titled(_ text: String) -> String {
        var isStart = true
        return text.unicodeScalars.map { scalar in
            defer { isStart = JinjaText.isSpace(scalar) || "-({[<".unicodeScalars.contains(scalar) }
            return isStart ? scalar.properties.uppercaseMapping : scalar.properties.lowercaseMapping
        }.joined()
    }

    private mutating func indented(_ text: String, _ call: JinjaCall) throws(JinjaError) -> String {
        var indent = "    "
        if case .string(let given)? = call.value(0, "width") {
            indent = given
        } else {
            let width = try call.integer(0, "width", default: 4)
            try budget.spend(bytes: Swift.max(width, 0))
            indent = String(repeating: " ", count: Swift.max(width, 0))
        }
        let lines = JinjaText.lines(of: text + "\n")
        try budget.spend(
            bytes: (lines.count * indent.utf8.count).magnitude > 1 << 30
                ? .max : lines.count * indent.utf8.count + text.utf8.count
        )
        let fillsBlanks = call.flag(2, "blank")
        var result = call.flag(1, "first") ? indent : ""
        for (index, line) in lines.enumerated() {
            if index > 0 { result += "\n" + (line.isEmpty && !fillsBlanks ? "" : indent) }
            result += line
        }
        return result
    }

    private func number(_ value: JinjaValue, _ filter: JinjaFilter, _ call: JinjaCall)
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
        case .round:
            guard let number = try value.defined().asNumber else {
                throw JinjaError("'round' needs a number, found \(value.typeName)")
            }
            let places = try call.integer(0, "precision", default: 0)
            guard (0...12).contains(places) else {
                throw JinjaError("'round' takes 0 to 12 places")
            }
            let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
            let scaled = number * scale
            switch try call.text(1, "method", default: "common") {
            case "ceil": return .number(scaled.rounded(.up) / scale)
            case "floor": return .number(scaled.rounded(.down) / scale)
            default: return .number(scaled.rounded(.toNearestOrEven) / scale)
            }
        case .float:
            if let number = value.asNumber { return .number(number) }
            if case .string(let text) = value, let number = Double(JinjaText.stripped(text, nil)) {
                return .number(number)
            }
            return call.value(0, "default") ?? .number(0)
        default:
            if let integer = value.asInteger { return .integer(integer) }
            var number = value.asNumber
            if case .string(let text) = value {
                let digits = JinjaText.stripped(text, nil)
                let base = try call.integer(1, "base", default: 10)
                guard (2...36).contains(base) else { throw JinjaError("'int' takes base 2 to 36") }
                if let integer = Int(digits, radix: base) { return .integer(integer) }
                number = Double(digits)
            }
            guard let number, let integer = Int(exactly: number.rounded(.towardZero)) else {
                return call.value(0, "default") ?? .integer(0)
            }
            return .integer(integer)
        }
    }
}
