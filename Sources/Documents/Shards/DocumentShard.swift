package import Foundation

/// A file of many documents: JSON Lines or a WebDataset tar archive, either of them plain or compressed.
///
/// The formats are detected from the content, never from the name. `docs/formats.md` describes both.
package struct DocumentShard: Sendable {
    package enum Format: Sendable, Equatable {
        /// One JSON object a line.
        case jsonLines
        /// A tar archive of samples.
        case webDataset
    }

    package let url: URL
    package let format: Format
    /// The limits of one document.
    package let limits: ShardLimits

    /// Detects the format of the file at `url`.
    ///
    /// - Throws: ``FileError`` if it cannot be read, ``ShardError`` if it has neither format.
    package init(contentsOf url: URL, limits: ShardLimits = ShardLimits()) throws {
        self.url = url
        self.limits = limits
        let file = try ShardInput(url)
        let start = try file.peek(TarHeader.blockSize)
        if let problem = Self.problem(with: start) {
            throw ShardError(place: file.name, problem: problem, scope: .shard)
        }
        format = TarHeader.looksLikeTar(start) ? .webDataset : .jsonLines
    }

    /// Opens the shard at its first document.
    package func documents() throws -> DocumentIterator {
        let file = try ShardInput(url)
        switch format {
        case .jsonLines:
            let folder = url.deletingLastPathComponent()
            return DocumentIterator(JSONLinesReader(file, folder: folder, limits: limits))
        case .webDataset:
            return DocumentIterator(WebDatasetReader(file, limits: limits))
        }
    }

    private static func problem(with start: [UInt8]) -> String? {
        let expected = "expected JSON Lines or a tar archive"
        if start.isEmpty { return "\(expected), found an empty file" }
        if let compression = Compression(sniffing: start) {
            return "\(expected), found \(compression.rawValue) in a compressed file"
        }
        if start.starts(with: "PK\u{3}\u{4}".utf8) { return "\(expected), found a ZIP archive" }
        if start.starts(with: "PAR1".utf8) { return "\(expected), found Parquet; convert it first" }
        if start.starts(with: "version https://git-lfs".utf8) {
            return "\(expected), found a Git LFS pointer; fetch the file itself with git lfs pull"
        }
        return nil
    }
}

/// Reads the documents of a shard one by one, with only one in memory.
package final class DocumentIterator {
    private let reader: any DocumentReader
    private var fault: ShardError?

    /// What no document was made of, so far.
    package var leftAlone: LeftAlone { reader.leftAlone }
    /// Where the last document is in the file.
    var lastRanges: [Range<Int>] { reader.lastRanges }

    init(_ reader: some DocumentReader) {
        self.reader = reader
    }

    /// Reads the next document; `nil` after the last.
    ///
    /// After a ``ShardError`` of scope `document` the next call continues after the bad document;
    /// one of scope `shard` is thrown again by every call.
    /// - Throws: ``ShardError``, or ``FileError`` if the file cannot be read.
    package func next() throws -> Document? {
        if let fault { throw fault }
        do {
            return try reader.next()
        } catch let error as ShardError {
            if error.scope == .shard { fault = error }
            throw error
        } catch let error as ImageError {
            throw ShardError(error)
        }
    }

    /// Reads the remaining documents, at most `limit`.
    package func collect(limit: Int = .max) throws -> [Document] {
        var documents: [Document] = []
        while documents.count < limit, let document = try next() { documents.append(document) }
        return documents
    }
}

/// A reader of one format.
protocol DocumentReader {
    var leftAlone: LeftAlone { get }
    /// Where the last document is in the file; other bytes may be between the ranges.
    var lastRanges: [Range<Int>] { get }
    func next() throws -> Document?
}
