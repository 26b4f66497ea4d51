import Foundation

final class JSONLinesReader: DocumentReader {
    private let file: ShardInput
    private let folder: URL
    private let limits: ShardLimits
    private var number = 0
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
            let start = file.offset
            guard let line = try file.line(limit: limits.textBytes) else { return nil }
            lastRanges = [start..<file.offset]
            number += 1
            if case .bytes(let bytes) = line,
                bytes.withoutByteOrderMark.allSatisfy(Self.blank.contains)
            {
                continue
            }
            return try document(number == 1 ? try whole(line, from: start) : line)
        }
    }

    /// The line, or the whole file where a line that is but a brace begins the only document, as in JSON
    /// that was written to be read by people.
    private func whole(_ line: ShardInput.Line, from start: Int) throws -> ShardInput.Line {
        guard case .bytes(var bytes) = line,
            bytes.withoutByteOrderMark.filter({ !Self.blank.contains($0) }) == [UInt8(ascii: "{")]
        else { return line }
        while let next = try file.line(limit: limits.textBytes) {
            guard case .bytes(let more) = next, bytes.count + more.count < limits.textBytes else {
                return .tooLong
            }
            bytes += [UInt8(ascii: "\n")] + more
        }
        lastRanges = [start..<file.offset]
        return .bytes(bytes)
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
