package import Basics
import Yams

/// Reads the YAML of recipes as JSON, for `JSONReader`.
///
/// Plain scalars follow YAML's core schema: `true`, `false`, `null` and numbers such as `3e-4` are
/// values; `no` and `1.2.3` are strings. Anchors, aliases, tags and merges are errors.
package enum YAML {
    package static let byteLimit = 256 << 10
    package static let nodeLimit = 10_000
    /// The longest line in bytes: with ``flowDepthLimit``, it bounds the nesting.
    static let lineLimit = 2_000
    /// The deepest nesting of brackets.
    static let flowDepthLimit = 32

    /// Reads a file, and applies overrides such as `schedule.learning_rate=3e-4`.
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

    package static func json(parsing text: String, source: String) throws(RecipeError) -> JSON {
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
                    throw .syntax(source: source, problem: "a key is a sequence or a mapping")
                }
                guard object[scalar.string] == nil else {
                    throw .syntax(
                        source: source,
                        problem: "duplicate key \"\(scalar.string)\""
                    )
                }
                object[scalar.string] = try convert(value, source: source, count: &count)
            }
            return .object(object)
        case .alias:
            throw .unsupported(source: source, line: node.mark?.line ?? 0, feature: "aliases")
        }
    }

    /// The value of a plain scalar.
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
}

extension YamlError {
    /// The problem, in one line.
    fileprivate var sentence: String {
        switch self {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "line \(mark.line): \(problem)"
        case .duplicatedKeysInMapping(let duplicates, _):
            "duplicate key \(duplicates.map { "\"\($0)\"" }.joined(separator: ", "))"
        default: "\(self)".split(separator: "\n").first.map(String.init) ?? "unknown"
        }
    }
}
