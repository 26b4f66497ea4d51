internal import Documents
internal import Foundation

/// Adds the documents of shards to a bank, some at a time.
package struct BankBuilder<Embedder: DocumentEmbedder> {
    /// How many documents of the shards are done with, those that were passed over included: where to
    /// go on after an error.
    package private(set) var settledCount: Int
    /// How many documents had neither text nor image, and are left out.
    package private(set) var blankCount = 0
    /// How many documents were read, those that were passed over included.
    package private(set) var readCount = 0
    private let embedder: Embedder
    private let shards: [String]
    private let skipped: Int
    private let limit: Int
    private var waiting: [(document: Document, place: String)] = []
    private var waitingBytes = 0

    /// An addition waits for the disk: few are faster, many lose less.
    private static var documentsAtOnce: Int { 512 }
    /// What the images of one addition may take, in bytes.
    private static var imagesAtOnce: Int { 64 << 20 }

    /// Looks whether the shards are there.
    ///
    /// - Parameters:
    ///   - embedder: makes the vectors.
    ///   - paths: JSON Lines files or WebDataset archives, in order.
    ///   - skipped: how many documents are passed over first.
    ///   - limit: the most documents to read behind those.
    /// - Throws: what is wrong with a shard.
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
        settledCount = skipped
        for path in paths { _ = try DocumentShard(contentsOf: URL(filePath: path)) }
    }

    /// Adds all documents; `onAddition` is told after each addition.
    ///
    /// - Throws: what is wrong with a document, `VisionError` or `BankError` for one without a vector:
    ///   those before it stay.
    package mutating func add(to writer: inout BankWriter, onAddition: (Int) -> Void) throws {
        for path in shards where readCount - skipped < limit {
            let documents = try DocumentShard(contentsOf: URL(filePath: path)).documents()
            var number = 0
            while readCount - skipped < limit {
                let next: Document?
                do {
                    next = try documents.next()
                } catch {
                    try settle(in: &writer)
                    throw error
                }
                guard let document = next else { break }
                readCount += 1
                number += 1
                guard readCount > skipped else { continue }
                waiting.append((document, "\(path): document \(number)"))
                waitingBytes += document.images.reduce(0) { $0 + $1.pixels.count }
                if waiting.count >= Self.documentsAtOnce || waitingBytes >= Self.imagesAtOnce {
                    try settle(in: &writer)
                    onAddition(writer.count)
                }
            }
        }
        try settle(in: &writer)
        onAddition(writer.count)
    }

    private mutating func settle(in writer: inout BankWriter) throws {
        let whole = waiting.filter(\.document.hasContent)
        try writer.append(whole.map(\.document), with: embedder) { whole[$0].place }
        blankCount += waiting.count - whole.count
        settledCount = max(settledCount, readCount)
        waiting = []
        waitingBytes = 0
    }
}
