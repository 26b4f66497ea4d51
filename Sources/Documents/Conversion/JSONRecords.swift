import Basics
import Foundation

/// Reads the values of a file one by one: the elements of one JSON array, or a value a line.
final class JSONRecords {
    private enum Layout {
        case array, lines
    }

    private let file: ShardInput
    private let layout: Layout
    private let limit = ShardLimits().textBytes
    private var number = 0
    /// The part of the file that is being read, for an array.
    private var part: [UInt8] = []
    private var offset = 0
    private var hasBegun = false
    private var isAtEnd = false

    /// Which value the last one was: `train.json: document 12`, `train.jsonl:12`.
    var place: String {
        layout == .array ? "\(file.name): document \(number)" : "\(file.name):\(number)"
    }

    /// - Throws: `FileError` if the file cannot be read, ``ShardError`` if it is neither.
    init(_ url: URL) throws {
        file = try ShardInput(url)
        layout = try Self.layout(of: file)
    }

    private static func layout(of file: ShardInput) throws -> Layout {
        let start = try file.peek(1 << 16)
        switch start.withoutByteOrderMark.first(where: { !JSONBytes.space.contains($0) }) {
        case JSONBytes.openArray: return .array
        case JSONBytes.openObject: return .lines
        default: break
        }
        let isParquet = start.starts(with: "PAR1".utf8)
        let found =
            isParquet
            ? "Parquet; export it as JSON Lines, as datasets' to_json does"
            : ImageFormat.guess(start)
        throw ShardError(
            place: file.name,
            problem: "a JSON array or JSON Lines are expected, found \(found)",
            scope: .shard
        )
    }

    /// The next value; `nil` after the last.
    ///
    /// - Throws: ``ShardError``: of scope `document` for a value that is no JSON, of scope `shard`
    ///   if the file ends in the middle.
    func next() throws -> JSON? {
        guard let bytes = try layout == .array ? nextElement() : nextLine() else { return nil }
        do {
            return try JSON(parsing: bytes, nonFiniteAsNull: true)
        } catch {
            throw failure(error.description)
        }
    }

    private func nextLine() throws -> [UInt8]? {
        while let line = try file.line(limit: limit) {
            number += 1
            guard case .bytes(let bytes) = line else { throw tooLong() }
            if !bytes.withoutByteOrderMark.allSatisfy(JSONBytes.space.contains) { return bytes }
        }
        return nil
    }

    /// The bytes of the next element, found by its brackets and quotes.
    private func nextElement() throws -> [UInt8]? {
        var scan = ElementScan()
        var element: [UInt8] = []
        while !isAtEnd {
            if offset == part.count {
                part = try file.read(1 << 16)
                offset = hasBegun ? 0 : (part.firstIndex(of: JSONBytes.openArray) ?? 0) + 1
                hasBegun = true
            }
            guard !part.isEmpty else {
                number += 1
                throw failure("the array ends too early: \"]\" is expected", .shard)
            }
            let end = part.withUnsafeBufferPointer { scan.end(in: $0, from: offset) }
            if element.count <= limit { element += part[offset..<(end ?? part.count)] }
            offset = end.map { $0 + 1 } ?? part.count
            guard let end else { continue }
            isAtEnd = part[end] == JSONBytes.closeArray
            if isAtEnd { try checkEnd() }
            let isBlank = element.allSatisfy(JSONBytes.space.contains)
            if isAtEnd, isBlank, number == 0 { return nil }
            number += 1
            if isBlank { throw failure("a value is expected") }
            guard element.count <= limit else { throw tooLong() }
            return element
        }
        return nil
    }

    /// Only white space may follow the array; a compressed file is checked to its end.
    private func checkEnd() throws {
        var rest = part[offset...]
        repeat {
            guard rest.allSatisfy(JSONBytes.space.contains) else {
                throw ShardError(
                    place: file.name,
                    problem: "bytes follow the array; one array or JSON Lines are expected",
                    scope: .shard
                )
            }
            rest = try file.read(1 << 16)[...]
        } while !rest.isEmpty
    }

    private func tooLong() -> ShardError { failure("it is longer than \(limit) bytes") }

    private func failure(_ problem: String, _ scope: ShardError.Scope = .document) -> ShardError {
        ShardError(place: place, problem: problem, scope: scope)
    }
}

/// Finds the end of an element of an array, whose bytes come in parts.
private struct ElementScan {
    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    /// The place of the comma or bracket behind the element; `nil` if it is in a later part.
    mutating func end(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        for place in start..<bytes.count {
            let byte = bytes[place]
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == JSONBytes.escape {
                    isEscaped = true
                } else if byte == JSONBytes.quote {
                    isInString = false
                }
                continue
            }
            switch byte {
            case JSONBytes.quote: isInString = true
            case JSONBytes.openArray, JSONBytes.openObject: depth += 1
            case JSONBytes.comma where depth == 0: return place
            case JSONBytes.closeArray where depth == 0: return place
            case JSONBytes.closeArray, JSONBytes.closeObject: depth -= 1
            default: break
            }
        }
        return nil
    }
}

private enum JSONBytes {
    static let space: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
    static let quote = UInt8(ascii: "\"")
    static let escape = UInt8(ascii: "\\")
    static let comma = UInt8(ascii: ",")
    static let openArray = UInt8(ascii: "[")
    static let closeArray = UInt8(ascii: "]")
    static let openObject = UInt8(ascii: "{")
    static let closeObject = UInt8(ascii: "}")
}
