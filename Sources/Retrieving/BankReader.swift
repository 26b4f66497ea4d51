internal import Basics
internal import Checkpoints
package import Documents
internal import Foundation

/// Documents with a vector each, in a folder, to be searched for what is near (RA-CM3, Yasunaga et
/// al., 2023).
///
/// It sees the documents that counted when it was opened; a writer may add more meanwhile. The files
/// are mapped: nobody may shorten them as long as the bank is open.
package final class BankReader: Sendable {
    /// The folder, as it was given.
    package let path: String
    let header: BankHeader
    let vectors: MappedFile
    private let index: MappedFile
    private let documents: MappedFile

    /// Opens a bank and compares the sizes of its files with what `bank.json` states.
    ///
    /// - Throws: `BankError` if they do not fit, `FileError`, `JSONFieldError`.
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

    /// The number of documents.
    package var count: Int { header.count }
    /// The numbers of a vector.
    package var width: Int { header.width }
    /// What made the vectors.
    package var source: EmbeddingSource { header.source }

    /// The document at `index` of `0..<count`.
    ///
    /// - Throws: `BankError` if it or its vector is not what was added.
    package func document(at index: Int) throws -> Document {
        let place = "\(documents.path):\(index + 1)"
        return try Document(parsingLine: checkedLine(at: index), source: place)
    }

    /// Compares all documents and vectors with the checks that were taken when they were added.
    ///
    /// - Parameter onProgress: told how many are found whole.
    /// - Throws: `BankError`, which names the first that is not what was added.
    package func check(onProgress: (Int) -> Void = { _ in }) throws {
        for index in 0..<count {
            _ = try checkedLine(at: index)
            onProgress(index + 1)
        }
    }

    private func checkedLine(at index: Int) throws(BankError) -> Slice<UnsafeRawBufferPointer> {
        precondition((0..<count).contains(index), "\(index) is not in 0..<\(count)")
        guard let start = end(of: index - 1), let end = end(of: index), start < end,
            end <= header.documentBytes, end - start <= BankWriter.lineLimit
        else {
            throw .damaged(
                path: self.index.path,
                problem: "the place of document \(index) is not in the file of documents"
            )
        }
        let line = documents.bytes[start..<end]
        let check = SHA256.check(of: UnsafeRawBufferPointer(rebasing: line), row(at: index))
        guard check == entry(of: index, 1) else {
            let problem = "document \(index) or its vector is not what was added"
            throw .damaged(path: path, problem: problem)
        }
        return line
    }

    /// The vector [width] of the document at `index`, as it is stored.
    package func vector(at index: Int) -> [Float] {
        withExtendedLifetime(self) { FloatFormat.bfloat16.floats(from: row(at: index)) }
    }

    private func row(at index: Int) -> UnsafeRawBufferPointer {
        precondition((0..<count).contains(index), "\(index) is not in 0..<\(count)")
        let start = index * width * 2
        return UnsafeRawBufferPointer(rebasing: vectors.bytes[start..<start + width * 2])
    }

    /// Where a document's line ends, 0 before the first; `nil` if what is stored is no place.
    private func end(of index: Int) -> Int? {
        index < 0 ? 0 : Int(exactly: entry(of: index, 0))
    }

    /// A number of an entry of the index.
    private func entry(of index: Int, _ column: Int) -> UInt64 {
        let place = index * BankFiles.entryBytes + column * MemoryLayout<UInt64>.size
        let number = self.index.bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        return UInt64(littleEndian: number)
    }
}
