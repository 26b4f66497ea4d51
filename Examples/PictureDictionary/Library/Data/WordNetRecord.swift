internal import Basics

/// One line of a WordNet file, read field by field.
struct WordNetRecord {
    private var rest: ArraySlice<UInt8>

    init(_ line: ArraySlice<UInt8>) {
        rest = line
    }

    /// Reads up to the next space; `what` is for the error.
    mutating func field(_ what: String) throws(RecordError) -> String {
        let end = rest.firstIndex(of: UInt8(ascii: " ")) ?? rest.endIndex
        guard end > rest.startIndex else { throw RecordError(found: "no field for \(what)") }
        defer { rest = rest[end...].dropFirst() }
        return String(decoding: rest[..<end], as: UTF8.self)
    }

    /// Reads a nonnegative number.
    mutating func integer(_ what: String, radix: Int = 10) throws(RecordError) -> Int {
        let text = try field(what)
        guard let value = Int(text, radix: radix), value >= 0 else {
            throw RecordError(found: "\"\(text)\" where \(what) was expected")
        }
        return value
    }

    /// Returns the text after the bar.
    func gloss() throws(RecordError) -> String {
        guard let bar = rest.firstIndex(of: UInt8(ascii: "|")) else {
            throw RecordError(found: "a meaning without a gloss")
        }
        return String(decoding: rest[(bar + 1)...], as: UTF8.self).trimmed
    }
}

/// What was found in place of what the format requires.
struct RecordError: Error {
    let found: String
}

extension SourceFile {
    /// Reads line by line, without the license at the top, which is indented.
    func forEachRecord(
        _ read: (inout WordNetRecord) throws(RecordError) -> Void
    ) throws(DictionaryError) {
        let lines = try self.read().split(separator: UInt8(ascii: "\n"))
        for (number, line) in lines.enumerated() where line.first != UInt8(ascii: " ") {
            var record = WordNetRecord(line)
            do {
                try read(&record)
            } catch {
                throw malformed(line: number + 1, error.found)
            }
        }
    }
}
