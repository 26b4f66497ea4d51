public import Basics
import Yams

/// Reads the YAML of recipes as JSON, so that one strict reader serves both.
///
/// Plain words mean what they mean in YAML's core schema and no more: `true`, `false`, `null` and
/// numbers are values, `no` and `1.2.3` are strings, and `3e-4` is a number. Anchors, aliases, tags
/// and merges are refused.
public enum YAML {
    /// The most bytes of a recipe.
    public static let byteLimit = 256 << 10
    /// The most values of a recipe.
    public static let nodeLimit = 10_000
    /// The longest line in bytes, which bounds the nesting together with ``flowDepthLimit``.
    static let lineLimit = 2_000
    /// The deepest nesting of brackets.
    static let flowDepthLimit = 32

    /// The value of a recipe file, after overrides such as `schedule.peak=3e-4`.
    ///
    /// - Throws: `FileError` and ``RecipeError``.
    static func json(contentsOf path: String, overrides: [String]) throws -> JSON {
        let file = try MappedFile(path)
        guard file.bytes.count <= byteLimit else {
            throw RecipeError.tooLarge(source: path, limit: sizeLimit)
        }
        guard let text = String(validating: file.bytes, as: UTF8.self) else {
            throw RecipeError.syntax(source: path, problem: "it is not UTF-8 text")
        }
        var json = try json(parsing: text, source: path)
        for override in overrides { try json.apply(override: override) }
        return json
    }

    /// The value that `text`, which came from `source`, stands for.
    public static func json(parsing text: String, source: String) throws(RecipeError) -> JSON {
        try check(text, source: source)
        let node: Node?
        do {
            node = try compose(yaml: text)
        } catch let error as YamlError {
            throw .syntax(source: source, problem: error.sentence)
        } catch {
            throw .syntax(source: source, problem: "\(error)")
        }
        guard let node else { return .null }
        var count = 0
        return try convert(node, source: source, count: &count)
    }

    private static func convert(_ node: Node, source: String, count: inout Int) throws(RecipeError)
        -> JSON
    {
        count += 1
        guard count <= nodeLimit else {
            throw .tooLarge(source: source, limit: "\(nodeLimit) values")
        }
        switch node {
        case .scalar(let scalar):
            return scalar.style == .plain ? plain(scalar.string) : .string(scalar.string)
        case .sequence(let sequence):
            var elements: [JSON] = []
            for element in sequence {
                elements.append(try convert(element, source: source, count: &count))
            }
            return .array(elements)
        case .mapping(let mapping):
            var object = JSON.Object()
            for (key, value) in mapping {
                guard case .scalar(let scalar) = key else {
                    throw .syntax(source: source, problem: "a key is a list or a mapping")
                }
                guard object[scalar.string] == nil else {
                    throw .syntax(
                        source: source,
                        problem: "the key \"\(scalar.string)\" stands twice"
                    )
                }
                object[scalar.string] = try convert(value, source: source, count: &count)
            }
            return .object(object)
        case .alias:
            throw .unsupported(source: source, line: node.mark?.line ?? 0, feature: "aliases")
        }
    }

    /// What an unquoted word means.
    static func plain(_ text: String) -> JSON {
        switch text {
        case "", "~", "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default: break
        }
        let digits = text.drop { $0 == "-" || $0 == "+" || $0 == "." }
        guard let first = digits.utf8.first,
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
            text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) })
        else { return .string(text) }
        if let integer = Int(text) { return .integer(integer) }
        if let number = Double(text), number.isFinite { return .number(number) }
        return .string(text)
    }

    private static let sizeLimit = "\(byteLimit >> 10) KiB"

    /// Refuses, before anything is built, what could make the parser slow or run out of stack.
    private static func check(_ text: String, source: String) throws(RecipeError) {
        guard text.utf8.count <= byteLimit else {
            throw .tooLarge(source: source, limit: sizeLimit)
        }
        var depth = 0
        var block: Int?
        for (index, line) in text.utf8.split(
            separator: UInt8(ascii: "\n"),
            omittingEmptySubsequences: false
        ).enumerated() {
            guard line.count <= lineLimit else {
                throw .tooLarge(source: source, limit: "\(lineLimit) bytes a line")
            }
            if let column = block, line.isBlank || line.indentation > column { continue }
            block = depth == 0 ? line.blockColumn : nil
            var scanner = LineScanner(line)
            while let mark = scanner.next() {
                switch mark {
                case .open: depth += 1
                case .close: depth -= 1
                case .unsupported(let feature):
                    throw .unsupported(source: source, line: index + 1, feature: feature)
                }
                guard depth <= flowDepthLimit else {
                    let limit = "\(flowDepthLimit) brackets in another (line \(index + 1))"
                    throw .tooLarge(source: source, limit: limit)
                }
            }
        }
    }
}

extension Substring.UTF8View.SubSequence {
    /// Whether there is nothing on the line.
    fileprivate var isBlank: Bool { allSatisfy { " \t\r".utf8.contains($0) } }

    /// How many spaces the line begins with.
    fileprivate var indentation: Int { prefix { $0 == UInt8(ascii: " ") }.count }

    /// Where the line's text begins, behind the dashes of lists, if a block of text follows: lines that
    /// begin farther right are its words.
    fileprivate var blockColumn: Int? {
        var column = indentation
        var rest = dropFirst(column)
        var dash = column
        while rest.first == UInt8(ascii: "-"), rest.dropFirst().first == UInt8(ascii: " ") {
            dash = column
            let skipped = rest.dropFirst().prefix { $0 == UInt8(ascii: " ") }.count + 1
            column += skipped
            rest = rest.dropFirst(skipped)
        }
        let comment = rest.indices.first { index in
            rest[index] == UInt8(ascii: "#") && index > rest.startIndex
                && rest[rest.index(before: index)] == UInt8(ascii: " ")
        }
        let words = String(decoding: rest[..<(comment ?? rest.endIndex)], as: UTF8.self)
            .split { " \t\r".contains($0) }
        guard let last = words.last, let mark = last.first, mark == "|" || mark == ">",
            last.dropFirst().allSatisfy({ "+-0123456789".contains($0) })
        else { return nil }
        if words.count == 1 { return dash }
        return words[words.count - 2].hasSuffix(":") ? column : nil
    }
}

/// Finds the marks of a line that stand outside quotes and comments.
private struct LineScanner {
    enum Mark {
        case open
        case close
        case unsupported(String)
    }

    private var rest: Substring.UTF8View.SubSequence
    private var quote: UInt8?
    private var before = UInt8(ascii: " ")

    init(_ line: Substring.UTF8View.SubSequence) { rest = line }

    mutating func next() -> Mark? {
        while let byte = rest.popFirst() {
            defer { before = byte }
            if let open = quote {
                if byte == open { quote = nil }
                continue
            }
            let begins = " \t[{,:-".utf8.contains(before)
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"): return .open
            case UInt8(ascii: "]"), UInt8(ascii: "}"): return .close
            case UInt8(ascii: "\""), UInt8(ascii: "'"): if begins { quote = byte }
            case UInt8(ascii: "#"): if begins { rest = rest.suffix(0) }
            case UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"):
                guard begins, let after = rest.first, after != UInt8(ascii: " ") else { continue }
                return .unsupported(
                    byte == UInt8(ascii: "&")
                        ? "anchors" : byte == UInt8(ascii: "*") ? "aliases" : "tags"
                )
            default: break
            }
        }
        return nil
    }
}

extension YamlError {
    /// The first line of the error that says something.
    fileprivate var sentence: String {
        switch self {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "line \(mark.line): \(problem)"
        case .duplicatedKeysInMapping(let duplicates, _):
            "the key \(duplicates.map { "\"\($0)\"" }.joined(separator: ", ")) stands twice"
        default: "\(self)".split(separator: "\n").first.map(String.init) ?? "unknown"
        }
    }
}
