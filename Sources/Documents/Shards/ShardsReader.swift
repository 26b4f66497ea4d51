import Foundation

/// Reads the documents of several shards in order, passes over bad ones within a limit, and counts
/// what it passes over.
package final class ShardsReader {
    private let shards: [String]
    private let limit: BadDocumentLimit
    private let onRemark: (String) -> Void
    private var shard = 0
    private var documents: DocumentIterator?
    private var foundBeside = LeftAlone()
    private let skipped: Int
    private var skippedCount = 0

    /// Which document of its shard the last one was, from 1, whole or not.
    package private(set) var number = 0
    /// The whole documents so far, without the skipped ones.
    package private(set) var count = 0
    /// The bad documents so far.
    package private(set) var badCount = 0

    /// All documents so far: whole, bad and skipped ones.
    package var position: Int { skippedCount + count + badCount }

    /// What no document was made of, so far.
    package var leftAlone: LeftAlone {
        var all = foundBeside
        if let documents { all.add(documents.leftAlone) }
        return all
    }

    /// Reads JSON Lines files and WebDataset archives.
    ///
    /// - Parameters:
    ///   - shards: their paths.
    ///   - skipped: how many documents are skipped first, whole or bad, without a word.
    ///   - limit: how many bad documents are passed over.
    ///   - onRemark: takes a sentence about each bad document, and what ``finish()`` has to say.
    package init(
        _ shards: [String],
        skipping skipped: Int = 0,
        limit: BadDocumentLimit = .none,
        onRemark: @escaping (String) -> Void
    ) {
        self.shards = shards
        self.skipped = skipped
        self.limit = limit
        self.onRemark = onRemark
    }

    /// The next whole document and the path of its shard; `nil` after the last.
    ///
    /// - Throws: `ShardError` for a bad archive, for a bad document where none is allowed, and for
    ///   one more than the limit is a count of; `FileError` if a file cannot be read.
    package func next() throws -> (document: Document, shard: String)? {
        while shard < shards.count {
            let path = shards[shard]
            let documents =
                try self.documents ?? DocumentShard(contentsOf: URL(filePath: path)).documents()
            self.documents = documents
            do {
                number += 1
                if let document = try documents.next() {
                    if isSkipping() { continue }
                    count += 1
                    return (document, path)
                }
            } catch let error as ShardError where error.scope == .document {
                if !isSkipping() { try pass(over: error) }
                continue
            }
            foundBeside.add(documents.leftAlone)
            self.documents = nil
            shard += 1
            number = 0
        }
        return nil
    }

    /// Whether the document that was read is one of those to skip.
    private func isSkipping() -> Bool {
        guard skippedCount < skipped else { return false }
        skippedCount += 1
        return true
    }

    /// Says what was passed over; to be called when no more documents are wanted.
    ///
    /// - Throws: ``BadDocumentsError`` if bad documents are more than the share that the limit is.
    package func finish() throws {
        try limit.check(bad: badCount, of: badCount + count)
        if badCount > 0 {
            onRemark("\(badCount) of \(badCount + count) documents were bad and are passed over")
        }
        if !leftAlone.isEmpty { onRemark("left alone beside the documents: \(leftAlone.summary)") }
    }

    private func pass(over error: ShardError) throws {
        try limit.pass(over: error, after: badCount)
        badCount += 1
        onRemark("passed over: \(error)")
    }
}
