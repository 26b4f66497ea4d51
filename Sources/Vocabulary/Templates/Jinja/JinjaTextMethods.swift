/// Python's string methods.
enum JinjaTextMethods {
    static func call(
        _ name: String,
        of text: String,
        _ call: JinjaCall,
        _ budget: inout JinjaBudget
    ) throws(JinjaError) -> JinjaValue {
        switch name {
        case "strip", "lstrip", "rstrip":
            var set: String?
            if let value = call.value(0, "chars") {
                if case .none = value {} else { set = try call.text(0, "chars") }
            }
            return .string(
                JinjaText.stripped(text, set, left: name != "rstrip", right: name != "lstrip")
            )
        case "upper": return .string(text.uppercased())
        case "lower", "casefold": return .string(text.lowercased())
        case "capitalize": return .string(JinjaText.capitalized(text))
        case "title": return .string(titled(text))
        case "swapcase":
            let swapped = text.unicodeScalars.map { scalar in
                scalar.properties.isUppercase
                    ? scalar.properties.lowercaseMapping : scalar.properties.uppercaseMapping
            }
            return .string(swapped.joined())
        case "startswith", "endswith":
            return .bool(try matches(text, name == "startswith", call, &budget))
        case "split", "rsplit": return try split(text, fromRight: name == "rsplit", call, &budget)
        case "splitlines":
            let lines = JinjaText.lines(of: text, keepingEnds: call.flag(0, "keepends"))
            return try list(lines, &budget)
        case "partition", "rpartition":
            return try partition(text, fromRight: name == "rpartition", call)
        case "replace":
            let limit = try call.integer(2, "count", default: -1)
            let new = try call.text(1, "new")
            let old = try call.text(0, "old")
            try checkReplacement(text, old, new, &budget)
            return .string(
                JinjaText.replacing(text, old, with: new, limit: limit < 0 ? .max : limit)
            )
        case "join": return .string(try joined(try call.required(0, "iterable"), by: text, &budget))
        case "find", "rfind", "index", "rindex", "count":
            return try search(name, text, call)
        case "expandtabs":
            return .string(try expanded(text, try call.integer(0, "tabsize", default: 8), &budget))
        case "removeprefix":
            let prefix = try call.text(0, "prefix")
            return .string(
                text.utf8.starts(with: prefix.utf8)
                    ? String(Substring(text.utf8.dropFirst(prefix.utf8.count))) : text
            )
        case "removesuffix":
            let suffix = try call.text(0, "suffix")
            let isThere =
                !suffix.isEmpty && text.utf8.reversed().starts(with: suffix.utf8.reversed())
            return .string(
                isThere ? String(Substring(text.utf8.dropLast(suffix.utf8.count))) : text
            )
        case "ljust", "rjust", "center", "zfill": return try padded(text, name, call, &budget)
        default: return .bool(isOf(name, text))
        }
    }

    static func list(_ texts: [String], _ budget: inout JinjaBudget) throws(JinjaError)
        -> JinjaValue
    {
        try budget.spend(texts.count)
        return .list(try JinjaList(texts.map(JinjaValue.string)))
    }

    /// The elements, which must be strings, with `separator` between them.
    private static func joined(
        _ elements: JinjaValue,
        by separator: String,
        _ budget: inout JinjaBudget
    ) throws(JinjaError) -> String {
        var text = ""
        for (index, element) in try elements.elements(&budget).enumerated() {
            guard case .string(let part) = element else {
                throw JinjaError("'join' needs texts, found \(element.typeName)")
            }
            if index > 0 { text += separator }
            text += part
            try budget.spend(bytes: separator.utf8.count + part.utf8.count)
            guard text.utf8.count <= JinjaBudget.maximumBytes else {
                throw JinjaError("makes a text of more than \(JinjaBudget.maximumBytes) bytes")
            }
        }
        return text
    }

    /// Refuses a replacement with too long a result, before it is made.
    static func checkReplacement(
        _ text: String,
        _ old: String,
        _ new: String,
        _ budget: inout JinjaBudget
    ) throws(JinjaError) {
        let places = text.utf8.count / max(old.utf8.count, 1) + 1
        let growth = places.multipliedReportingOverflow(by: new.utf8.count)
        guard growth.overflow || text.utf8.count + growth.partialValue > JinjaBudget.maximumBytes
        else {
            return try budget.spend(bytes: text.utf8.count)
        }
        let count = old.isEmpty ? places : JinjaText.split(text, by: old).count
        let bytes = count.multipliedReportingOverflow(by: new.utf8.count)
        try budget.spend(bytes: bytes.overflow ? .max : text.utf8.count + bytes.partialValue)
    }

    private static func matches(
        _ text: String,
        _ atStart: Bool,
        _ call: JinjaCall,
        _ budget: inout JinjaBudget
    ) throws(JinjaError) -> Bool {
        var parts = [try call.required(0, "prefix")]
        if case .list(let list) = parts[0], list.isTuple { parts = list.elements }
        for part in parts {
            guard case .string(let part) = try part.defined() else {
                throw JinjaError("a text is expected, found \(part.typeName)")
            }
            try budget.spend(bytes: part.utf8.count)
            let holds =
                atStart
                ? text.utf8.starts(with: part.utf8)
                : text.utf8.reversed().starts(with: part.utf8.reversed())
            if holds { return true }
        }
        return false
    }

    private static func split(
        _ text: String,
        fromRight: Bool,
        _ call: JinjaCall,
        _ budget: inout JinjaBudget
    ) throws(JinjaError) -> JinjaValue {
        let given = try call.integer(1, "maxsplit", default: -1)
        let limit = given < 0 ? Int.max : given
        if let separator = call.value(0, "sep") {
            guard case .none = separator else {
                let separator = try call.text(0, "sep")
                guard !separator.isEmpty else { throw JinjaError("empty separator") }
                let parts =
                    fromRight && limit < .max
                    ? JinjaText.splitFromRight(text, by: separator, limit: limit)
                    : JinjaText.split(text, by: separator, limit: limit)
                return try list(parts, &budget)
            }
        }
        guard fromRight, limit < .max else {
            return try list(JinjaText.words(of: text, limit: limit), &budget)
        }
        let reversed = String(String.UnicodeScalarView(text.unicodeScalars.reversed()))
        let words = JinjaText.words(of: reversed, limit: limit).reversed().map { word in
            String(String.UnicodeScalarView(word.unicodeScalars.reversed()))
        }
        return try list(words, &budget)
    }

    private static func partition(_ text: String, fromRight: Bool, _ call: JinjaCall)
        throws(JinjaError) -> JinjaValue
    {
        let separator = try call.text(0, "sep")
        guard !separator.isEmpty else { throw JinjaError("empty separator") }
        let parts =
            fromRight
            ? JinjaText.splitFromRight(text, by: separator, limit: 1)
            : JinjaText.split(text, by: separator, limit: 1)
        let three =
            parts.count == 2
            ? [parts[0], separator, parts[1]] : fromRight ? ["", "", text] : [text, "", ""]
        return .list(try JinjaList(three.map(JinjaValue.string), isTuple: true))
    }

    /// Where a part is, or how often, between the scalars at `start` and `end`.
    private static func search(_ name: String, _ text: String, _ call: JinjaCall)
        throws(JinjaError) -> JinjaValue
    {
        let part = try call.text(0, "sub")
        let scalars = Array(text.unicodeScalars)
        func bound(_ index: Int, _ name: String, _ fallback: Int) throws(JinjaError) -> Int {
            if case .none = call.value(index, name) ?? .none { return fallback }
            let place = try call.integer(index, name)
            return min(place < 0 ? max(place + scalars.count, 0) : place, scalars.count + 1)
        }
        let start = try bound(1, "start", 0)
        let end = min(try bound(2, "end", scalars.count), scalars.count)
        let isRange = start <= end
        let region = isRange ? String(String.UnicodeScalarView(scalars[start..<end])) : ""
        let parts = isRange ? JinjaText.split(region, by: part) : [""]
        if name == "count" {
            return .integer(
                part.isEmpty ? (isRange ? end - start + 1 : 0) : parts.count - 1
            )
        }
        let isFromRight = name.hasPrefix("r")
        guard isRange, part.isEmpty || parts.count > 1 else {
            if name.hasSuffix("index") { throw JinjaError("substring not found") }
            return .integer(-1)
        }
        if part.isEmpty { return .integer(isFromRight ? end : start) }
        guard isFromRight, let last = parts.last else {
            return .integer(start + parts[0].unicodeScalars.count)
        }
        return .integer(end - last.unicodeScalars.count - part.unicodeScalars.count)
    }

    /// Spaces in place of tabs, up to the next multiple of `size`.
    private static func expanded(_ text: String, _ size: Int, _ budget: inout JinjaBudget)
        throws(JinjaError) -> String
    {
        let tabs = text.utf8.count { $0 == 0x09 }
        let bytes = tabs.multipliedReportingOverflow(by: max(size, 0))
        try budget.spend(bytes: bytes.overflow ? .max : bytes.partialValue)
        var result = String.UnicodeScalarView()
        var column = 0
        for scalar in text.unicodeScalars {
            guard scalar != "\t" else {
                let missing = size > 0 ? size - column % size : 0
                result.append(contentsOf: repeatElement(" ", count: missing))
                column += missing
                continue
            }
            result.append(scalar)
            column = scalar == "\n" || scalar == "\r" ? 0 : column + 1
        }
        return String(result)
    }

    private static func padded(
        _ text: String,
        _ name: String,
        _ call: JinjaCall,
        _ budget: inout JinjaBudget
    ) throws(JinjaError) -> JinjaValue {
        let width = try call.integer(0, "width")
        let missing = max(width - text.unicodeScalars.count, 0)
        try budget.spend(bytes: missing)
        if name == "zfill" {
            let sign = text.hasPrefix("-") || text.hasPrefix("+") ? String(text.prefix(1)) : ""
            let zeros = String(repeating: "0", count: missing)
            return .string(sign + zeros + text.dropFirst(sign.count))
        }
        let fill = try call.text(1, "fillchar", default: " ")
        // Where the width is odd, Python adds the odd space on the left.
        let left =
            name == "ljust" ? 0 : name == "rjust" ? missing : missing / 2 + (missing & width & 1)
        return .string(
            String(repeating: fill, count: left) + text
                + String(repeating: fill, count: missing - left)
        )
    }

    /// Each word's first letter in uppercase, the others in lowercase; a word begins after any
    /// other character.
    private static func titled(_ text: String) -> String {
        var isInWord = false
        return text.unicodeScalars.map { scalar in
            let properties = scalar.properties
            defer { isInWord = properties.isCased }
            guard properties.isCased else { return String(Character(scalar)) }
            return isInWord ? properties.lowercaseMapping : properties.titlecaseMapping
        }.joined()
    }

    private static func isOf(_ name: String, _ text: String) -> Bool {
        let scalars = text.unicodeScalars
        func all(_ isOfKind: (Unicode.Scalar.Properties) -> Bool) -> Bool {
            !scalars.isEmpty && scalars.allSatisfy { isOfKind($0.properties) }
        }
        func isLetter(_ properties: Unicode.Scalar.Properties) -> Bool {
            switch properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter,
                .otherLetter:
                true
            default: false
            }
        }
        let isCased = scalars.contains { $0.properties.isCased }
        switch name {
        case "isascii": return text.utf8.allSatisfy { $0 < 0x80 }
        case "istitle": return isCased && text == titled(text)
        case "isdecimal": return all { $0.numericType == .decimal }
        case "isdigit": return all { $0.numericType == .decimal || $0.numericType == .digit }
        case "isnumeric": return all { $0.numericType != nil }
        case "isalpha": return all(isLetter)
        case "isalnum": return all { isLetter($0) || $0.numericType != nil }
        case "isspace": return !scalars.isEmpty && scalars.allSatisfy(JinjaText.isSpace)
        case "isupper": return isCased && text == text.uppercased()
        default: return isCased && text == text.lowercased()
        }
    }
}
