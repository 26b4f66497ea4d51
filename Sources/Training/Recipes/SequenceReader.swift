import Basics
import Documents
import Foundation
import Models
import Vocabulary

extension DocumentTokenizer {
    /// How many images are encoded at a time.
    private static let imagesAtOnce = 64

    /// Encodes up to `limit` documents of shards.
    ///
    /// - Parameters:
    ///   - shards: files of documents.
    ///   - limit: the most documents.
    ///   - visit: takes all of them in order, some at a time.
    /// - Throws: what is wrong with a shard, `ModelError` for an image without an image tokenizer,
    ///   and what `visit` throws.
    func sequences(
        of shards: [String],
        limit: Int,
        visit: ([Document]) throws -> Void
    ) throws -> [TokenSequence] {
        var sequences: [TokenSequence] = []
        var waiting: [Document] = []
        func encodeWaiting() throws {
            sequences += try encode(waiting)
            try visit(waiting)
            waiting = []
        }
        for path in shards where sequences.count + waiting.count < limit {
            let documents = try DocumentShard(contentsOf: URL(filePath: path)).documents()
            while sequences.count + waiting.count < limit, let document = try documents.next() {
                if !document.images.isEmpty, image == nil {
                    throw ModelError.noImageTokenizer(need: "\(path), which has images,")
                }
                waiting.append(document)
                if waiting.reduce(0, { $0 + $1.images.count }) >= Self.imagesAtOnce
                    || waiting.count >= 4 * Self.imagesAtOnce
                {
                    try encodeWaiting()
                }
            }
        }
        try encodeWaiting()
        return sequences
    }
}
