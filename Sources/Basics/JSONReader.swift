/// Why a member of a JSON document is wrong.
package struct JSONFieldError: UserError, Equatable {
    /// The file or other source.
    package let source: String
    /// The path of the member, such as `towers.text.hidden_size`.
    package let field: String
    package let problem: String

    package init(source: String, field: String, problem: String) {
        self.source = source
        self.field = field
        self.problem = problem
    }

    package var kind: ErrorKind { .invalidConfiguration }
    package var description: String { "\(source): \(field.brief(160)): \(problem)" }
}

/// Reads the members of a JSON object with their types; errors name the field.
///
/// ``finish()`` refuses members that were never read, such as misspelled ones.
package final class JSONReader {
    package let source: String
    private let path: String
    package let object: JSON.Object
    private var asked: Set<String> = []
    private var children: [JSONReader] = []

    /// Reads `json`, which must be an object; messages call it `source`.
    package convenience init(_ json: JSON, source: String) throws(JSONFieldError) {
        guard let object = json.objectValue else {
            throw JSONFieldError(
                source: source,
                field: "(top)",
                problem: "an object is expected, found \(json.kind)"
            )
        }
        self.init(object: object, source: source, path: "")
    }

    private init(object: JSON.Object, source: String, path: String) {
        self.object = object
        self.source = source
        self.path = path
    }

    /// Whether the member exists and is not `null`.
    package func has(_ key: String) -> Bool {
        asked.insert(key)
        return object.has(key)
    }

    /// Accepts members whose values do not matter.
    package func ignore(_ keys: String...) {
        asked.formUnion(keys)
    }

    /// Accepts members that are `null`.
    package func ignoreNulls() {
        asked.formUnion(object.keys.filter { object[$0] == .null })
    }

    /// The integer `key` in a range; `fallback` if it is missing, or an error without one.
    package func integer(
        _ key: String,
        default fallback: Int? = nil,
        atLeast minimum: Int? = nil,
        atMost maximum: Int? = nil
    ) throws(JSONFieldError) -> Int {
        guard has(key) else { return try required(key, fallback) }
        let value = try self.value(key, nil, "an integer", \.integerValue)
        if let minimum, value < minimum {
            throw failure(key, "\(value) is too small; the least is \(minimum)")
        }
        if let maximum, value > maximum {
            throw failure(key, "\(value) is too large; the most is \(maximum)")
        }
        return value
    }

    /// The number `key`; `fallback` if it is missing.
    package func number(_ key: String, default fallback: Double? = nil) throws(JSONFieldError)
        -> Double
    {
        try value(key, fallback, "a number") { $0.integerValue.map(Double.init) ?? $0.numberValue }
    }

    /// The boolean `key`; `fallback` if it is missing.
    package func bool(_ key: String, default fallback: Bool? = nil) throws(JSONFieldError) -> Bool {
        try value(key, fallback, "true or false", \.boolValue)
    }

    /// The string `key`; `fallback` if it is missing.
    package func string(_ key: String, default fallback: String? = nil) throws(JSONFieldError)
        -> String
    {
        try value(key, fallback, "a string", \.stringValue)
    }

    /// The string `key` as a case of an enum; the error lists the cases.
    package func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String,
        default fallback: Choice? = nil
    ) throws(JSONFieldError) -> Choice where Choice.RawValue == String {
        guard has(key) else { return try required(key, fallback) }
        let text = try string(key)
        guard let choice = Choice(rawValue: text) else {
            let known = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            throw failure(key, "\(text.quoted()) is not known; known are \(known)")
        }
        return choice
    }

    /// The array `key`; `fallback` if it is missing.
    package func array(_ key: String, default fallback: [JSON]? = nil) throws(JSONFieldError)
        -> [JSON]
    {
        try value(key, fallback, "an array", \.arrayValue)
    }

    package func integers(_ key: String, default fallback: [Int]? = nil) throws(JSONFieldError)
        -> [Int]
    {
        guard has(key) else { return try required(key, fallback) }
        var integers: [Int] = []
        for element in try array(key) {
            guard let value = element.integerValue else {
                throw failure(key, "an array of integers is expected, found \(element.kind) in it")
            }
            integers.append(value)
        }
        return integers
    }

    /// The array `key` of strings, not empty.
    package func strings(_ key: String) throws(JSONFieldError) -> [String] {
        var strings: [String] = []
        for (index, element) in try array(key).enumerated() {
            guard let value = element.stringValue else {
                throw mismatch("\(key)[\(index)]", "a string", element)
            }
            strings.append(value)
        }
        guard !strings.isEmpty else { throw failure(key, "is empty; at least one is expected") }
        return strings
    }

    /// The array `key` of objects, each with its own reader.
    package func objects(_ key: String, default fallback: [JSON]? = nil) throws(JSONFieldError)
        -> [JSONReader]
    {
        var readers: [JSONReader] = []
        for (index, element) in try array(key, default: fallback).enumerated() {
            readers.append(try child(element, "\(key)[\(index)]"))
        }
        return readers
    }

    /// The array `key` of arrays of objects, each object with its own reader.
    package func objectLists(_ key: String) throws(JSONFieldError) -> [[JSONReader]] {
        var lists: [[JSONReader]] = []
        for (index, element) in try array(key).enumerated() {
            let place = "\(key)[\(index)]"
            guard let objects = element.arrayValue else {
                throw mismatch(place, "an array of objects", element)
            }
            var readers: [JSONReader] = []
            for (number, object) in objects.enumerated() {
                readers.append(try child(object, "\(place)[\(number)]"))
            }
            lists.append(readers)
        }
        return lists
    }

    /// The object `key`, with its own reader.
    package func nested(_ key: String) throws(JSONFieldError) -> JSONReader {
        guard has(key), let json = object[key] else { throw failure(key, "is missing") }
        return try child(json, key)
    }

    /// Refuses the first member that was not read, here and in nested objects, and suggests the
    /// nearest known name.
    package func finish() throws(JSONFieldError) {
        for key in object.keys where !asked.contains(key) {
            let hint = key.nearest(of: asked).map { "; did you mean \"\($0)\"?" }
            throw failure(key, "is not known" + (hint ?? ""))
        }
        for child in children { try child.finish() }
    }

    /// An error about the member `key`, for checks of the caller.
    package func failure(_ key: String, _ problem: String) -> JSONFieldError {
        JSONFieldError(source: source, field: path + key, problem: problem)
    }

    private func child(_ json: JSON, _ key: String) throws(JSONFieldError) -> JSONReader {
        guard let object = json.objectValue else { throw mismatch(key, "an object", json) }
        let reader = JSONReader(object: object, source: source, path: path + key + ".")
        children.append(reader)
        return reader
    }

    private func value<Value>(
        _ key: String,
        _ fallback: Value?,
        _ expected: String,
        _ read: (JSON) -> Value?
    ) throws(JSONFieldError) -> Value {
        guard has(key), let json = object[key] else { return try required(key, fallback) }
        guard let value = read(json) else { throw mismatch(key, expected, json) }
        return value
    }

    private func required<Value>(_ key: String, _ fallback: Value?) throws(JSONFieldError) -> Value
    {
        guard let fallback else { throw failure(key, "is missing") }
        return fallback
    }

    private func mismatch(_ key: String, _ expected: String, _ found: JSON) -> JSONFieldError {
        failure(key, "\(expected) is expected, found \(found.kind)")
    }
}

extension JSON {
    fileprivate var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
    fileprivate var integerValue: Int? { if case .integer(let value) = self { value } else { nil } }
    fileprivate var numberValue: Double? {
        if case .number(let value) = self { value } else { nil }
    }
    package var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }
    package var arrayValue: [JSON]? { if case .array(let value) = self { value } else { nil } }
    package var objectValue: Object? {
        if case .object(let value) = self { value } else { nil }
    }

    /// A description of the value for an error message.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "the integer \(value)"
        case .number(let value): "the number \(value)"
        case .string(let value): "the string \(value.quoted(40))"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension String {
    /// The most similar name, if it is similar enough; long names are not compared, which would
    /// take long.
    package func nearest(of names: Set<String>) -> String? {
        let longest = 64
        guard utf8.count <= longest else { return nil }
        let distances = names.filter { $0.utf8.count <= longest }
            .map { (distance: $0.editDistance(to: self), name: $0) }
        guard let nearest = distances.min(by: <), nearest.distance <= Swift.min(3, count / 2) else {
            return nil
        }
        return nearest.name
    }

    /// The Levenshtein distance in characters.
    package func editDistance(to other: String) -> Int {
        let target = Array(other)
        var row = Array(0...target.count)
        for (i, character) in self.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in target.indices {
                let cost =
                    character == target[j] ? diagonal : 1 + Swift.min(diagonal, row[j], row[j + 1])
                (diagonal, row[j + 1]) = (row[j + 1], cost)
            }
        }
        return row[target.count]
    }
}
