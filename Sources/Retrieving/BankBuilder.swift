package import Documents
internal import Foundation

/// Adds the documents of shards to a bank, in batches.
package struct BankBuilder<Embedder: DocumentEmbedder> {
    /// The number of documents of the shards that are skipped or processed: where to continue after an
    /// error.
    package private(set) var processedCount: Int
    /// The number of documents with neither text nor image, which are left out.
    package private(set) var blankCount = 0
    private let embedder: Embedder
    private let documents: ShardsReader
    private let limit: Int
    private var waiting: [(document: Document, place: String)] = []
    private var waitingBytes = 0

    /// Each batch waits for the disk: large batches are faster, small ones lose less.
    private static var batchSize: Int { 512 }
    /// The number of documents read, including bad and skipped ones.
    package var readCount: Int { documents.position }
    /// The number of bad documents that were passed over.
    package var badCount: Int { documents.badCount }

    /// The most bytes of the images of one batch.
    private static var batchBytes: Int { 64 << 20 }

    /// Checks that the shards exist.
    ///
    /// Shards are JSON Lines files or WebDataset archives; `limit` counts whole documents after the
    /// skipped ones. `onRemark` takes sentences about what is passed over.
    package init(
        _ embedder: Embedder,
        shards paths: [String],
        skipping skipped: Int = 0,
        limit: Int = .max,
        badDocuments: BadDocumentLimit = .none,
        onRemark: @escaping (String) -> Void = { _ in }
    ) throws {
        self.embedder = embedder
        self.limit = limit
        documents = ShardsReader(
            paths,
            skipping: skipped,
            limit: badDocuments,
            onRemark: onRemark
        )
        processedCount = skipped
        for path in paths { _ = try DocumentShard(contentsOf: URL(filePath: path)) }
    }

    /// Adds all documents and calls `onBatch` after each batch; a throwing one ends the work.
    ///
    /// - Throws: what is wrong with a document or its embedding; the documents before it are added.
    package mutating func add(
        to writer: inout BankWriter,
        onBatch: (BankBuilder, _ count: Int) throws -> Void
    ) throws {
        while documents.count < limit {
            let next: (document: Document, shard: String)?
            do {
                next = try documents.next()
            } catch {
                try addBatch(to: &writer)
                throw error
            }
            guard let (document, path) = next else { break }
            waiting.append((document, "\(path): document \(documents.number)"))
            waitingBytes += document.images.reduce(0) { $0 + $1.pixels.count }
            if waiting.count >= Self.batchSize || waitingBytes >= Self.batchBytes {
                try addBatch(to: &writer)
                try onBatch(self, writer.count)
            }
        }
        try addBatch(to: &writer)
        try documents.finish()
        try onBatch(self, writer.count)
    }

    private mutating func addBatch(to writer: inout BankWriter) throws {
        let added = waiting.filter(\.document.hasContent)
        try writer.append(added.map(\.document), with: embedder) { added[$0].place }
        blankCount += waiting.count - added.count
        processedCount = max(processedCount, readCount)
        waiting = []
        waitingBytes = 0
    }
}
