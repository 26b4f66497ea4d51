internal import Documents
internal import Foundation

/// Adds the documents of shards to a bank, in batches.
package struct BankBuilder<Embedder: DocumentEmbedder> {
    /// The number of documents of the shards that are skipped or processed: where to continue after an
    /// error.
    package private(set) var processedCount: Int
    /// The number of documents with neither text nor image, which are left out.
    package private(set) var blankCount = 0
    /// The number of documents read, including skipped ones.
    package private(set) var readCount = 0
    private let embedder: Embedder
    private let shards: [String]
    private let skipped: Int
    private let limit: Int
    private var waiting: [(document: Document, place: String)] = []
    private var waitingBytes = 0

    /// Each batch waits for the disk: large batches are faster, small ones lose less.
    private static var batchSize: Int { 512 }
    /// The most bytes of the images of one batch.
    private static var batchBytes: Int { 64 << 20 }

    /// Checks that the shards exist.
    ///
    /// Shards are JSON Lines files or WebDataset archives; `limit` counts documents after the skipped
    /// ones.
    package init(
        _ embedder: Embedder,
        shards paths: [String],
        skipping skipped: Int = 0,
        limit: Int = .max
    ) throws {
        self.embedder = embedder
        self.skipped = skipped
        self.limit = limit
        shards = paths
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
        for path in shards where readCount - skipped < limit {
            let documents = try DocumentShard(contentsOf: URL(filePath: path)).documents()
            var number = 0
            while readCount - skipped < limit {
                let next: Document?
                do {
                    next = try documents.next()
                } catch {
                    try addBatch(to: &writer)
                    throw error
                }
                guard let document = next else { break }
                readCount += 1
                number += 1
                guard readCount > skipped else { continue }
                waiting.append((document, "\(path): document \(number)"))
                waitingBytes += document.images.reduce(0) { $0 + $1.pixels.count }
                if waiting.count >= Self.batchSize || waitingBytes >= Self.batchBytes {
                    try addBatch(to: &writer)
                    try onBatch(self, writer.count)
                }
            }
        }
        try addBatch(to: &writer)
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
