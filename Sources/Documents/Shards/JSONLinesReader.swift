import Foundation

final class JSONLinesReader: DocumentReader {
    private let file: FileInput
    private let folder: URL
    private let limits: ShardLimits
    private var number = 0

    init(_ file: FileInput, folder: URL, limits: ShardLimits) {
        self.file = file
        self.folder = folder
        self.limits = limits
    }

    func next() throws -> Document? {
        guard let line = file.line(limit: limits.textBytes) else { return nil }
        number += 1
        let place = "\(file.name):\(number)"
        switch line {
        case .tooLong:
            throw ShardError(
                place: place,
                problem: "the line is longer than \(limits.textBytes) bytes",
                scope: .document
            )
        case .bytes(let bytes) where bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }:
            throw ShardError(
                place: place,
                problem: "the line is empty; each line is one JSON object",
                scope: .document
            )
        case .bytes(let bytes):
            let parser = DocumentParser(place: place, images: .folder(folder), limits: limits)
            return try parser.document(parsing: bytes)
        }
    }
}
