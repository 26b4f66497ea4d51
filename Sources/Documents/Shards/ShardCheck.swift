package import Basics
import Foundation

/// What a whole shard has: its documents, what cannot be read, and what no document is made of.
package struct ShardCheck: Sendable {
    package let path: String
    package private(set) var documents = 0
    package private(set) var texts = 0
    package private(set) var images = 0
    /// Whether the shard could be read to its end.
    package private(set) var isReadToEnd = false
    /// The bad documents, and at last what ended the reading, if something did.
    package private(set) var problems: [ShardError] = []
    package private(set) var leftAlone = LeftAlone()

    /// Reads a shard to its end, or to an error of the whole shard.
    ///
    /// - Parameters:
    ///   - path: JSON Lines or a WebDataset archive.
    ///   - copy: where its whole documents are written, byte for byte, if it has any; `nil` for
    ///     nowhere.
    ///   - onProblem: takes each problem when it is found.
    /// - Throws: `FileError` if the shard cannot be read or the copy cannot be written,
    ///   ``CopyError`` for lines that name files.
    package init(
        _ path: String,
        copyingTo copy: String? = nil,
        onProblem: (ShardError) -> Void
    ) throws {
        self.path = path
        let shard: DocumentShard
        do {
            shard = try DocumentShard(contentsOf: URL(filePath: path))
        } catch let error as ShardError {
            problems = [error]
            onProblem(error)
            return
        }
        let writer = try copy.map { try ShardCopy(of: shard, to: $0) }
        let iterator = try shard.documents()
        reading: while true {
            do {
                guard let document = try iterator.next() else {
                    isReadToEnd = true
                    break reading
                }
                try writer?.write(iterator.lastRanges, of: document)
                documents += 1
                images += document.images.count
                texts += document.segments.count - document.images.count
            } catch let error as ShardError {
                problems.append(error)
                onProblem(error)
                if error.scope == .shard { break reading }
            }
        }
        leftAlone = iterator.leftAlone
        guard documents > 0 else { return }
        try writer?.finish()
    }

    /// The problems without their places and how often each was found, the most frequent first.
    package var reasons: [(reason: String, count: Int)] {
        Dictionary(grouping: problems, by: \.problem)
            .map { (reason: $0.key, count: $0.value.count) }
            .sorted { a, b in (b.count, a.reason) < (a.count, b.reason) }
    }

    package var json: JSON {
        [
            "shard": .string(path), "documents": .integer(documents), "texts": .integer(texts),
            "images": .integer(images), "is_read_to_end": .bool(isReadToEnd),
            "bad": .integer(problems.count),
            "problems": .array(problems.map { .string($0.line) }),
            "reasons": .array(
                reasons.map { ["reason": .string($0.reason), "count": .integer($0.count)] }
            ),
            "left_alone": leftAlone.json,
        ]
    }
}

/// Copies documents of a shard byte for byte; of a compressed one, what it decompresses to.
private final class ShardCopy {
    private let shard: DocumentShard
    private let source: ShardInput
    private let file: AppendedFile

    init(of shard: DocumentShard, to path: String) throws {
        self.shard = shard
        source = try ShardInput(shard.url)
        file = try AppendedFile(path)
    }

    /// Appends a document, which is at `ranges` behind those that were written.
    func write(_ ranges: [Range<Int>], of document: Document) throws {
        for range in ranges {
            guard try source.skip(range.lowerBound - source.offset) else { continue }
            var bytes = try source.read(range.count)
            if shard.format == .jsonLines {
                let isEmbedded =
                    document.images.isEmpty
                    || (try? Document(parsingLine: bytes, source: source.name)) != nil
                guard isEmbedded else { throw CopyError(shard: source.name) }
                if bytes.last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
            }
            try file.write(bytes)
        }
    }

    func finish() throws {
        if shard.format == .webDataset { try TarWriter(file: file).finish() }
        try file.commit()
    }
}

/// Lines name image files, which a copy in another folder would not find.
package struct CopyError: UserError, Equatable {
    let shard: String

    package var kind: ErrorKind { .malformedInput }
    package var description: String {
        "\(shard): names image files beside it, which a copy in another folder would not find; "
            + "give images as data URLs, or use a tar archive"
    }
}
