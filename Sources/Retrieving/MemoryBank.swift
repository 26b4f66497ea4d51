internal import Basics
internal import Checkpoints
public import Documents
internal import Foundation

/// Documents with a vector each, in a folder, to be searched for what is near (RA-CM3, Yasunaga et
/// al., 2023).
///
/// It sees the documents that counted when it was opened; a writer may add more meanwhile. The files
/// are mapped: nobody may shorten them as long as the bank is open.
public final class MemoryBank: Sendable {
    /// The folder, as it was given.
    public let path: String
    let header: BankHeader
    let vectors: MappedFile
    private let offsets: MappedFile
    private let documents: MappedFile

    /// Opens a bank and compares the sizes of its files with what `bank.json` states.
    ///
    /// - Throws: `BankError` if they do not fit, `FileError`, `JSONFieldError`.
    public init(_ path: String) throws {
        self.path = path
        let files = BankFiles(folder: path)
        header = try BankHeader(of: files)
        vectors = try Self.map(files.vectors, header.vectorBytes, header.count)
        offsets = try Self.map(files.offsets, header.offsetBytes, header.count)
        documents = try Self.map(files.documents, header.documentBytes, header.count)
        guard end(of: header.count - 1) == header.documentBytes else {
            throw BankError.damaged(
                path: files.offsets,
                problem: "the last document does not end at byte \(header.documentBytes)"
            )
        }
    }

    private static func map(_ path: String, _ needed: Int, _ count: Int) throws -> MappedFile {
        let file = try MappedFile(path)
        guard file.bytes.count >= needed else {
            throw BankError.damaged(
                path: path,
                problem: "has \(file.bytes.count) bytes, and \(count) documents need \(needed)"
            )
        }
        return file
    }

    /// The number of documents.
    public var count: Int { header.count }
    /// The numbers of a vector.
    public var width: Int { header.width }
    /// What made the vectors.
    public var source: EmbeddingSource { header.source }

    /// The document at `index` of `0..<count`.
    ///
    /// - Throws: `BankError` or `ShardError` if the bank is damaged.
    public func document(at index: Int) throws -> Document {
        precondition((0..<count).contains(index), "\(index) is not in 0..<\(count)")
        guard let start = end(of: index - 1), let end = end(of: index), start < end,
            end <= header.documentBytes, end - start <= BankWriter.lineLimit
        else {
            throw BankError.damaged(
                path: offsets.path,
                problem: "the place of document \(index) is not in the file of documents"
            )
        }
        let place = "\(documents.path):\(index + 1)"
        return try Document(parsingLine: documents.bytes[start..<end], source: place)
    }

    /// The vector [width] of the document at `index`, as it is stored.
    public func vector(at index: Int) -> [Float] {
        precondition((0..<count).contains(index), "\(index) is not in 0..<\(count)")
        let start = index * width * 2
        let row = UnsafeRawBufferPointer(rebasing: vectors.bytes[start..<start + width * 2])
        return withExtendedLifetime(self) { FloatFormat.bfloat16.floats(from: row) }
    }

    /// Where a document's line ends, 0 before the first; `nil` if what is stored is no place.
    private func end(of index: Int) -> Int? {
        guard index >= 0 else { return 0 }
        let place = index * BankFiles.offsetBytes
        let end = offsets.bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        return Int(exactly: UInt64(littleEndian: end))
    }
}
