/// The filters of a template, as in `x | trim`.
enum JinjaFilter: String {
    case abs, attr, batch, capitalize, center, count, d, `default`, dictsort, e, escape
    case filesizeformat, first, float, forceescape, format, groupby, indent, int, items, join
    case last, length, list, lower, map, max, min, reject, rejectattr, replace, reverse, round
    case safe, select, selectattr, slice, sort, string, striptags, sum, title, tojson, trim
    case truncate, unique, upper, urlencode, wordcount, wordwrap, xmlattr
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
        case .upper, .lower, .capitalize, .title, .trim, .replace, .center, .escape, .e,
            .forceescape, .wordcount, .striptags, .format:
            return try text(try value.text(&budget), filter, call)
        case .indent, .truncate, .wordwrap:
            switch value {
            case .undefined where filter == .truncate: return .string("")
            case .string: return try text(try value.text(&budget), filter, call)
            default: throw JinjaError("'\(name)' needs a text, found \(value.typeName)")
            }
        case .urlencode: return .string(try quotedForAddress(value))
        case .xmlattr: return .string(try attributes(value, call))
        case .filesizeformat: return .string(try size(value, call))
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
        case .slice: return try slice(value, call)
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
}
