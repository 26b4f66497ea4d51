/// Why a text is not valid JSON.
package struct JSONError: UserError, Equatable {
    /// The problem, without its place.
    package let problem: String
    /// The byte offset of the problem; `nil` if it concerns the whole text.
    package let offset: Int?

    package init(problem: String, offset: Int?) {
        self.problem = problem
        self.offset = offset
    }

    package var kind: ErrorKind { .malformedInput }
    package var description: String {
        "not valid JSON: " + problem + (offset.map { " at byte \($0)" } ?? "")
    }
}

extension JSON {
    /// The limits of a JSON text.
    package struct Limits: Sendable {
        package var bytes: Int
        /// The nesting of arrays and objects.
        package var depth: Int
        /// The number of values.
        package var values: Int

        package init(bytes: Int = 256 << 20, depth: Int = 64, values: Int = 16 << 20) {
            self.bytes = bytes
            self.depth = depth
            self.values = values
        }
    }

    /// Parses a text strictly (RFC 8259).
    ///
    /// A duplicate key, invalid UTF-8, a lone surrogate or anything after the value is an error. A
    /// byte order mark of UTF-8 at the start is passed over.
    ///
    /// `NaN`, `Infinity` and `-Infinity`, which are no JSON and which Python writes, are errors, or
    /// `null` where asked for.
    package init(
        parsing bytes: some Collection<UInt8>,
        limits: Limits = Limits(),
        nonFiniteAsNull: Bool = false
    ) throws(JSONError) {
        self = try withParser(of: bytes, limits) { parser throws(JSONError) in
            parser.readsNonFinite = nonFiniteAsNull
            return try parser.parse()
        }
    }

    package init(parsing text: String, limits: Limits = Limits()) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }

    /// Parses a text that must be an object, as strictly, and passes on its members one by one, so
    /// that they need not all be in memory.
    ///
    /// - Parameters:
    ///   - bytes: the text.
    ///   - limits: its limits.
    ///   - body: takes a member; false means that its key, compared by bytes, is a duplicate.
    /// - Returns: false, before any member, if the text does not begin with an object.
    /// - Throws: `JSONError` at the first problem, after the members before it.
    package static func forEachMember(
        parsing bytes: some Collection<UInt8>,
        limits: Limits = Limits(),
        _ body: (String, JSON) -> Bool
    ) throws(JSONError) -> Bool {
        try withParser(of: bytes, limits) { parser throws(JSONError) in
            try parser.parseMembers(body)
        }
    }
}

private func withParser<Result>(
    of bytes: some Collection<UInt8>,
    _ limits: JSON.Limits,
    _ body: (inout Parser) throws(JSONError) -> Result
) throws(JSONError) -> Result {
    guard bytes.count <= limits.bytes else {
        throw JSONError(problem: "more than \(limits.bytes) bytes", offset: limits.bytes)
    }
    guard !LargeFilePointer.begins(bytes) else {
        throw JSONError(problem: LargeFilePointer.problem, offset: nil)
    }
    func parse(_ buffer: UnsafeBufferPointer<UInt8>) -> Swift.Result<Result, JSONError> {
        .init { () throws(JSONError) in
            var parser = Parser(bytes: buffer, limits: limits)
            return try body(&parser)
        }
    }
    return try
        (bytes.withContiguousStorageIfAvailable(parse)
        ?? Array(bytes).withUnsafeBufferPointer(parse)).get()
}

private struct Parser {
    let bytes: UnsafeBufferPointer<UInt8>
    let limits: JSON.Limits
    var readsNonFinite = false
    var offset = 0
    var valueCount = 0

    mutating func parse() throws(JSONError) -> JSON {
        try skipByteOrderMark()
        skipSpace()
        let value = try parseValue(depth: 0)
        try expectEnd()
        return value
    }

    mutating func parseMembers(_ body: (String, JSON) -> Bool) throws(JSONError) -> Bool {
        try skipByteOrderMark()
        skipSpace()
        guard peek == UInt8(ascii: "{") else { return false }
        try parseMembers(depth: 0, body)
        try expectEnd()
        return true
    }

    private mutating func expectEnd() throws(JSONError) {
        skipSpace()
        guard offset == bytes.count else { throw failure("unexpected text after the value") }
    }

    private mutating func parseValue(depth: Int) throws(JSONError) -> JSON {
        guard depth <= limits.depth else { throw failure("nested more than \(limits.depth) deep") }
        valueCount += 1
        guard valueCount <= limits.values else {
            throw failure("more than \(limits.values) values")
        }
        guard let first = peek else { throw failure("the text ends where a value is expected") }
        switch first {
        case UInt8(ascii: "{"): return try parseObject(depth: depth)
        case UInt8(ascii: "["): return try parseArray(depth: depth)
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        case UInt8(ascii: "N"), UInt8(ascii: "I"): return try parseNonFinite()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let second = offset + 1
            let isInfinite = second < bytes.count && bytes[second] == UInt8(ascii: "I")
            return try isInfinite ? parseNonFinite() : parseNumber()
        default: throw failure("a value is expected")
        }
    }

    private mutating func parseObject(depth: Int) throws(JSONError) -> JSON {
        var object = JSON.Object()
        try parseMembers(depth: depth) { object.append($0, $1) }
        return .object(object)
    }

    /// Passes on the members of an object; `body` returns whether the key is new.
    private mutating func parseMembers(
        depth: Int,
        _ body: (String, JSON) -> Bool
    ) throws(JSONError) {
        offset += 1
        skipSpace()
        if take(UInt8(ascii: "}")) { return }
        while true {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw failure("a key in quotes is expected") }
            let keyOffset = offset
            let key = try parseString()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw failure("':' is expected") }
            skipSpace()
            let value = try parseValue(depth: depth + 1)
            guard body(key, value) else {
                throw JSONError(problem: "duplicate key \(key.quoted())", offset: keyOffset)
            }
            skipSpace()
            if take(UInt8(ascii: "}")) { return }
            guard take(UInt8(ascii: ",")) else { throw failure("',' or '}' is expected") }
        }
    }

    private mutating func parseArray(depth: Int) throws(JSONError) -> JSON {
        offset += 1
        var elements: [JSON] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            skipSpace()
            elements.append(try parseValue(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw failure("',' or ']' is expected") }
        }
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        for index in 0..<word.utf8CodeUnitCount {
            guard take(word.utf8Start[index]) else { throw failure("'\(word)' is expected") }
        }
        return value
    }

    /// What Python writes for numbers that JSON does not have.
    private mutating func parseNonFinite() throws(JSONError) -> JSON {
        let words = ["NaN", "Infinity", "-Infinity"]
        guard let word = words.first(where: { bytes[offset...].starts(with: $0.utf8) }) else {
            throw failure("a value is expected")
        }
        guard readsNonFinite else { throw failure("\(word) is no number of JSON") }
        offset += word.utf8.count
        return .null
    }

    private mutating func parseNumber() throws(JSONError) -> JSON {
        let start = offset
        let isNegative = take(UInt8(ascii: "-"))
        let digits = offset
        if !take(UInt8(ascii: "0")), !takeDigits() { throw failure("a digit is expected") }
        if let next = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) {
            throw failure("a number may not begin with 0")
        }
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            isInteger = false
            guard takeDigits() else { throw failure("a digit is expected") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isInteger = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard takeDigits() else { throw failure("a digit is expected") }
        }
        if isInteger, offset - digits <= 18 {
            let magnitude = bytes[digits..<offset].reduce(0) { $0 &* 10 &+ Int($1 & 0xF) }
            return .integer(isNegative ? -magnitude : magnitude)
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if isInteger, let integer = Int(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else {
            throw JSONError(problem: "the number \(text.brief(40)) is out of range", offset: start)
        }
        return .number(number)
    }

    private mutating func parseString() throws(JSONError) -> String {
        let start = offset
        offset += 1
        // Most strings have no escape and are not copied.
        var unescaped: [UInt8] = []
        var runStart = offset
        while true {
            guard let byte = peek else { throw failure("the text ends inside a string") }
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                unescaped.append(contentsOf: bytes[runStart..<offset])
                offset += 1
                try parseEscape(into: &unescaped)
                runStart = offset
            } else {
                guard byte >= 0x20 else { throw failure("a control character in a string") }
                offset += 1
            }
        }
        let run = UnsafeBufferPointer(rebasing: bytes[runStart..<offset])
        offset += 1
        let string: String?
        if unescaped.isEmpty {
            string = String(validating: run, as: UTF8.self)
        } else {
            unescaped.append(contentsOf: run)
            string = String(validating: unescaped, as: UTF8.self)
        }
        guard let string else {
            throw JSONError(problem: "the string is not UTF-8", offset: start)
        }
        return string
    }

    private mutating func parseEscape(into text: inout [UInt8]) throws(JSONError) {
        guard let byte = peek else { throw failure("the text ends inside a string") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try parseHex()
            if (0xD800..<0xDC00).contains(code) {
                guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
                    throw failure("a lone surrogate")
                }
                let low = try parseHex()
                guard (0xDC00..<0xE000).contains(low) else { throw failure("a lone surrogate") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw failure("a lone surrogate") }
            text.append(contentsOf: Array(String(Character(scalar)).utf8))
        default: throw failure("an unknown escape")
        }
    }

    private mutating func parseHex() throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("four hexadecimal digits are expected")
            }
            code = code << 4 + UInt32(digit)
            offset += 1
        }
        return code
    }

    private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        offset += 1
        return true
    }

    private mutating func takeDigits() -> Bool {
        let start = offset
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            offset += 1
        }
        return offset > start
    }

    private mutating func skipByteOrderMark() throws(JSONError) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw JSONError(problem: "UTF-8 is expected, found UTF-16", offset: 0)
        }
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            offset += 1
        }
    }

    private func failure(_ problem: String) -> JSONError {
        JSONError(problem: problem, offset: offset)
    }
}
