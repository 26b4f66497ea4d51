package import Basics
internal import Checkpoints
package import Documents

/// Adds documents to a memory bank; one process at a time.
///
/// An addition is atomic: documents, index and embeddings are appended and synchronized to the disk,
/// and then `bank.json` is replaced, which makes them valid. The next writer truncates what a killed
/// process or a power failure left incomplete.
package struct BankWriter: ~Copyable {
    /// The limits of a document's line: a photo of 16 megapixels fits, however badly PNG compresses it.
    package static let limits = ShardLimits(images: ImageLimits(encodedBytes: 48 << 20))

    private let files: BankFiles
    private let lock: FolderLock
    private var header: BankHeader
    private var documents: GrowingFile
    private var index: GrowingFile
    private var vectors: GrowingFile
    /// Whether an addition failed on the disk.
    private var isBroken = false

    /// Creates an empty bank; the folder must be new or empty.
    package static func create(at path: String, width: Int, source: EmbeddingSource)
        throws(FileError)
    {
        precondition(
            (1...BankHeader.widthLimit).contains(width),
            "the width \(width) is out of range"
        )
        let folder = try OutputFolder(at: path)
        let files = BankFiles(folder: folder.path)
        for file in [files.documents, files.index, files.vectors] {
            try AtomicFile.write("", to: file)
        }
        try AtomicFile.write(
            BankHeader(width: width, source: source).json.text(.indented) + "\n",
            to: files.header
        )
        try folder.commit()
    }

    /// Opens a bank to add to it; throws `BankError` if another process does or it is damaged.
    package init(_ path: String) throws {
        let files = BankFiles(folder: path)
        // Checked first, so that a folder that is not a bank gets no lock file.
        _ = try BankHeader(of: files)
        guard let lock = try FolderLock(path) else { throw BankError.inUse(path: path) }
        // Read and checked under the lock, before anything is truncated.
        let header = try BankReader(path).header
        let documents = try GrowingFile(files.documents, settled: header.documentBytes)
        let index = try GrowingFile(files.index, settled: header.indexBytes)
        let vectors = try GrowingFile(files.vectors, settled: header.vectorBytes)
        self.files = files
        self.lock = lock
        self.header = header
        self.documents = documents
        self.index = index
        self.vectors = vectors
    }

    /// The number of complete documents.
    package var count: Int { header.count }

    /// Throws `BankError` for another embedder than the bank was built with.
    package func check(_ embedder: some DocumentEmbedder) throws(BankError) {
        guard header.source == embedder.source else {
            throw .source(path: files.folder, found: header.source, expected: embedder.source)
        }
    }

    /// Adds documents with their embeddings by the bank's embedder.
    package mutating func append(
        _ documents: [Document],
        with embedder: some DocumentEmbedder,
        named name: (Int) -> String = { "document \($0)" }
    ) throws {
        try check(embedder)
        try append(documents, vectors: embedder.embeddings(of: documents), named: name)
    }

    /// Adds documents with their embeddings, which need not be normalized.
    ///
    /// When it returns, they are on the disk.
    ///
    /// - Parameters:
    ///   - added: the documents.
    ///   - rows: their embeddings [documents, width].
    ///   - name: what messages call the document at an index.
    /// - Throws: `BankError` for invalid embeddings or documents, and nothing is added; `FileError` if
    ///   the disk fails: after opening the bank again, all or none of them are in it.
    package mutating func append(
        _ added: [Document],
        vectors rows: [[Float]],
        named name: (Int) -> String = { "document \($0)" }
    ) throws {
        guard added.count == rows.count else {
            throw BankError.counts(documents: added.count, vectors: rows.count)
        }
        var vectors: [UInt8] = []
        vectors.reserveCapacity(rows.count * header.width * 2)
        var lines: [UInt8] = []
        var entries: [UInt8] = []
        for (index, (document, row)) in zip(added, rows).enumerated() {
            let unit = try row.normalized(header.width, "the embedding of \(name(index))")
            let vector = FloatFormat.bfloat16.bytes(from: unit)
            let line = Array((document.lineJSON.text() + "\n").utf8)
            let limit = Self.limits.textBytes
            guard line.count <= limit else {
                throw BankError.tooLong(document: name(index), bytes: line.count, limit: limit)
            }
            vectors += vector
            lines += line
            let check = line.withUnsafeBytes { line in
                vector.withUnsafeBytes { SHA256.check(of: line, $0) }
            }
            let end = UInt64(header.documentBytes + lines.count)
            for number in [end, check] {
                withUnsafeBytes(of: number.littleEndian) { entries += $0 }
            }
        }
        try store(lines, entries, vectors, count: added.count)
    }

    private mutating func store(
        _ lines: [UInt8],
        _ entries: [UInt8],
        _ rows: [UInt8],
        count: Int
    ) throws {
        guard !isBroken else { throw BankError.broken(path: files.folder) }
        isBroken = true
        try documents.append(lines)
        try index.append(entries)
        try vectors.append(rows)
        try documents.synchronize()
        try index.synchronize()
        try vectors.synchronize()
        var grown = header
        grown.count += count
        grown.documentBytes += lines.count
        try AtomicFile.write(grown.json.text(.indented) + "\n", to: files.header)
        header = grown
        isBroken = false
    }
}

extension [Float] {
    /// The vector scaled to length 1; `name` is for messages.
    func normalized(_ width: Int, _ name: @autoclosure () -> String) throws(BankError) -> [Float] {
        guard count == width else {
            throw .width(vector: name(), found: count, expected: width)
        }
        // In double precision no square of finite numbers overflows or vanishes.
        let length = reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        guard length.isFinite else { throw .notFinite(vector: name()) }
        guard length > 0 else { throw .zero(vector: name()) }
        return map { Float(Double($0) / length) }
    }
}
