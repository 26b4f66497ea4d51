extension JinjaInterpreter {
    mutating func text(_ text: String, _ filter: JinjaFilter, _ call: JinjaCall)
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
            let old = try call.required(0, "old").text(&budget)
            let new = try call.required(1, "new").text(&budget)
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
        case .truncate: return .string(try truncated(text, call))
        case .wordwrap: return .string(try wrapped(text, call))
        case .striptags: return .string(JinjaMarkup.stripped(text))
        case .format:
            guard call.named.isEmpty || call.positional.isEmpty else {
                throw JinjaError(
                    "can't handle positional and keyword arguments at the same time"
                )
            }
            guard !call.named.isEmpty else {
                let values = try JinjaList(call.positional, isTuple: true)
                return .string(try formatted(text, percent: .list(values)))
            }
            var values = JinjaDictionary()
            for (name, value) in call.named { try values.set(.string(name), to: value) }
            return .string(try formatted(text, percent: .dictionary(values)))
        default: return .string(JinjaMarkup.escaped(text))
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

    /// At most `length` scalars and some leeway; a longer text loses its end, by whole words.
    private func truncated(_ text: String, _ call: JinjaCall) throws(JinjaError) -> String {
        let length = try call.integer(0, "length", default: 255)
        let end = try call.text(2, "end", default: "...")
        let leeway: Int
        if case .none = call.value(3, "leeway") ?? .none {
            leeway = 5
        } else {
            leeway = try call.integer(3, "leeway")
        }
        let kept = length.subtractingReportingOverflow(end.unicodeScalars.count)
        guard !kept.overflow, kept.partialValue >= 0, leeway >= 0 else {
            throw JinjaError("'truncate' takes a length of the end or more, and no negative leeway")
        }
        let count = text.unicodeScalars.count
        if count <= length || count - length <= leeway { return text }
        let start = String(Substring(text.unicodeScalars.prefix(kept.partialValue)))
        if call.flag(1, "killwords") { return start + end }
        return JinjaText.splitFromRight(start, by: " ", limit: 1)[0] + end
    }

    private mutating func wrapped(_ text: String, _ call: JinjaCall) throws(JinjaError) -> String {
        let width = try call.integer(0, "width", default: 79)
        guard width > 0 else { throw JinjaError("'wordwrap' takes a width of 1 or more") }
        let wrap = JinjaWordWrap(
            width: width,
            breaksLongWords: call.value(1, "break_long_words")?.isTrue ?? true,
            breaksOnHyphens: call.value(3, "break_on_hyphens")?.isTrue ?? true
        )
        var end = "\n"
        if let given = call.value(2, "wrapstring"), given.isTrue {
            end = try call.text(2, "wrapstring")
        }
        try budget.spend(text.utf8.count)
        let lines = JinjaText.lines(of: text).map { wrap.lines(of: $0) }
        let count = lines.reduce(0) { $0 + max($1.count, 1) }
        let bytes = count.multipliedReportingOverflow(by: end.utf8.count)
        try budget.spend(bytes: bytes.overflow ? .max : text.utf8.count + bytes.partialValue)
        return lines.map { $0.joined(separator: end) }.joined(separator: end)
    }

    // MARK: - Addresses, attributes, sizes

    mutating func quotedForAddress(_ value: JinjaValue) throws(JinjaError) -> String {
        var pairs: [JinjaValue]
        switch value {
        case .dictionary(let dictionary): pairs = try dictionary.pairs()
        case .list(let list): pairs = list.elements
        default: return JinjaMarkup.quoted(try value.text(&budget), inQuery: false)
        }
        var parts: [String] = []
        for pair in pairs {
            let sides = try pair.elements(&budget)
            guard sides.count == 2 else { throw JinjaError("'urlencode' needs pairs") }
            let key = JinjaMarkup.quoted(try sides[0].text(&budget), inQuery: true)
            parts.append(key + "=" + JinjaMarkup.quoted(try sides[1].text(&budget), inQuery: true))
        }
        return parts.joined(separator: "&")
    }

    mutating func attributes(_ value: JinjaValue, _ call: JinjaCall) throws(JinjaError) -> String {
        guard case .dictionary(let dictionary) = value else {
            throw JinjaError("'xmlattr' needs a dictionary, found \(value.typeName)")
        }
        var parts: [String] = []
        for member in dictionary.members {
            let (key, value) = (member.key, member.value)
            switch value {
            case .none, .undefined: continue
            default: break
            }
            let name = try key.text(&budget)
            let isAllowed = name.unicodeScalars.allSatisfy { scalar in
                !JinjaText.isSpace(scalar) && !"/>=".unicodeScalars.contains(scalar)
            }
            guard isAllowed else { throw JinjaError("'\(name)' is no name of an attribute") }
            let text = JinjaMarkup.escaped(try value.text(&budget))
            parts.append("\(JinjaMarkup.escaped(name))=\"\(text)\"")
        }
        let adds = call.value(0, "autospace")?.isTrue ?? true
        return (adds && !parts.isEmpty ? " " : "") + parts.joined(separator: " ")
    }

    func size(_ value: JinjaValue, _ call: JinjaCall) throws(JinjaError) -> String {
        var given = try value.defined().asNumber
        if case .string(let text) = value { given = Double(JinjaText.stripped(text, nil)) }
        guard let bytes = given, bytes.isFinite else {
            throw JinjaError("'filesizeformat' needs a number, found \(value.typeName)")
        }
        let isBinary = call.flag(0, "binary")
        let base = isBinary ? 1024.0 : 1000.0
        if bytes == 1 { return "1 Byte" }
        if bytes < base {
            return JinjaFormat.printed(bytes.rounded(.towardZero), "f", 0) + " Bytes"
        }
        let letters = isBinary ? "KMGTPEZY" : "kMGTPEZY"
        var unit = base
        for (index, letter) in letters.enumerated() {
            unit *= base
            guard bytes < unit || index == letters.count - 1 else { continue }
            let text = JinjaFormat.printed(base * bytes / unit, "f", 1)
            return "\(text) \(letter)\(isBinary ? "i" : "")B"
        }
        return ""
    }
}
