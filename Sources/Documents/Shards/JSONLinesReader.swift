import Foundation

final class JSONLinesReader: DocumentReader {
    private let file: ShardInput
    private let folder: URL
    private let limits: ShardLimits
    private var number = 0
    private var documentCount = 0
    /// A line that was read already, and where it begins.
    private var ahead: (ShardInput.Line?, Int)?
    /// Of a line that means nothing.
    private static let blank: Set<UInt8> = [0x20, 0x09, 0x0D]
    let leftAlone = LeftAlone()
    private(set) var lastRanges: [Range<Int>] = []

    init(_ file: ShardInput, folder: URL, limits: ShardLimits) {
        self.file = file
        self.folder = folder
        self.limits = limits
    }

    func next() throws -> Document? {
        while true {
            let (known, start) = ahead ?? (nil, file.offset)
            ahead = nil
            guard let line = try known ?? file.line(limit: limits.textBytes) else { return nil }
            lastRanges = [start..<file.offset]
            number += 1
            if case .bytes(let bytes) = line,
                Self.marks(of: bytes).isEmpty
            {
                continue
            }
            defer { documentCount += 1 }
            return try document(documentCount == 0 ? try whole(line, from: start) : line)
        }
    }

    /// The line, or the whole file where a line that is but a brace begins the only document, as in JSON
    /// that was written to be read by people.
    ///
    /// If the line behind the brace begins with one, too, it is the next of many, and the first is torn.
    private func whole(_ line: ShardInput.Line, from start: Int) throws -> ShardInput.Line {
        guard case .bytes(var bytes) = line, Self.marks(of: bytes) == [UInt8(ascii: "{")] else {
            return line
        }
        let behind = file.offset
        guard let next = try file.line(limit: limits.textBytes) else { return line }
        if case .bytes(let more) = next, Self.marks(of: more).first == UInt8(ascii: "{") {
            ahead = (next, behind)
            return line
        }
        var following: ShardInput.Line? = next
        while let next = following {
            guard case .bytes(let more) = next, bytes.count + more.count < limits.textBytes else {
                throw ShardError(
                    place: file.name,
                    problem: "the document is longer than \(limits.textBytes) bytes",
                    scope: .shard
                )
            }
            bytes += [UInt8(ascii: "\n")] + more
            following = try file.line(limit: limits.textBytes)
        }
        lastRanges = [start..<file.offset]
        return .bytes(bytes)
    }

    /// All but blanks.
    private static func marks(of line: [UInt8]) -> [UInt8] {
        line.withoutByteOrderMark.filter { !blank.contains($0) }
    }

    private func document(_ line: ShardInput.Line) throws -> Document {
        let place = "\(file.name):\(number)"
        switch line {
        case .tooLong:
            throw ShardError(
                place: place,
                problem: "the line is longer than \(limits.textBytes) bytes",
                scope: .document
            )
        case .bytes(let bytes):
            let parser = DocumentParser(place: place, images: .folder(folder), limits: limits)
            return try parser.document(parsing: bytes)
        }
    }
}
