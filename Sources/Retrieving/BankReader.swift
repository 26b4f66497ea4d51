internal import Basics
internal import Checkpoints
package import Documents
internal import Foundation

/// A memory bank (RA-CM3, Yasunaga et al., 2023): a folder of documents and their embeddings.
///
/// A reader sees the documents that were complete when it was opened; a ``BankWriter`` may add more at
/// the same time. The files are memory-mapped and must not be truncated while the reader exists.
package final class BankReader: Sendable {
    package let path: String
    let header: BankHeader
    let vectors: MappedFile
    private let index: MappedFile
    private let documents: MappedFile

    /// Opens a bank and compares the sizes of its files with `bank.json`.
    package init(_ path: String) throws {
        self.path = path
        let files = BankFiles(folder: path)
        header = try BankHeader(of: files)
        vectors = try Self.map(files.vectors, header.vectorBytes, header.count)
        index = try Self.map(files.index, header.indexBytes, header.count)
        documents = try Self.map(files.documents, header.documentBytes, header.count)
        guard end(of: header.count - 1) == header.documentBytes else {
            throw BankError.damaged(
                path: files.index,
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

    package var count: Int { header.count }
    /// The dimension of an embedding.
    package var width: Int { header.width }
    package var source: EmbeddingSource { header.source }

    /// The document at `index`; throws `BankError` if it or its embedding was changed.
    package func document(at index: Int) throws -> Document {
        let place = "\(documents.path):\(index + 1)"
        return try Document(
            parsingLine: checkedLine(at: index),
            source: place,
            limits: BankWriter.limits
        )
    }

    /// Compares all documents and embeddings with their checksums.
    ///
    /// - Parameter onProgress: is called with the number of documents checked; a throwing one ends it.
    /// - Throws: `BankError` for the first one that was changed.
    package func check(onProgress: (Int) throws -> Void = { _ in }) throws {
        for index in 0..<count {
            _ = try checkedLine(at: index)
            try onProgress(index + 1)
        }
    }

    private func checkedLine(at index: Int) throws(BankError) -> Slice<UnsafeRawBufferPointer> {
        precondition((0..<count).contains(index), "\(index) is not in 0..<\(count)")
        guard let start = end(of: index - 1), let end = end(of: index), start < end,
            end <= header.documentBytes, end - start <= BankWriter.limits.textBytes
        else {
            throw .damaged(
                path: self.index.path,
                problem: "the position of document \(index) is not in documents.jsonl"
            )
        }
        let line = documents.bytes[start..<end]
        let check = SHA256.check(of: UnsafeRawBufferPointer(rebasing: line), row(at: index))
        guard check == entry(of: index, 1) else {
            let problem = "document \(index) or its embedding was changed"
            throw .damaged(path: path, problem: problem)
        }
        return line
    }

    /// The embedding [width] of the document at `index`.
    package func vector(at index: Int) -> [Float] {
        withExtendedLifetime(self) { FloatFormat.bfloat16.floats(from: row(at: index)) }
    }

    private func row(at index: Int) -> UnsafeRawBufferPointer {
        precondition((0..<count).contains(index), "\(index) is not in 0..<\(count)")
        let start = index * width * 2
        return UnsafeRawBufferPointer(rebasing: vectors.bytes[start..<start + width * 2])
    }

    /// The end of a document's line, 0 before the first; `nil` if it is not an integer.
    private func end(of index: Int) -> Int? {
        index < 0 ? 0 : Int(exactly: entry(of: index, 0))
    }

    private func entry(of index: Int, _ column: Int) -> UInt64 {
        let place = index * BankFiles.entryBytes + column * MemoryLayout<UInt64>.size
        let number = self.index.bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        return UInt64(littleEndian: number)
    }
}
