import Basics
import Documents
import Foundation
import Vision
import Vocabulary

/// Reads the documents of shards as tokens.
struct SequenceReader {
    let tokenizer: Tokenizer
    let imageTokenizer: (any ImageTokenizer)?

    /// How many images the image tokenizer gets at a time.
    private static let imagesAtOnce = 64

    /// Reads up to `limit` documents; `visit` is given all of them in order, some at a time.
    ///
    /// - Throws: what is wrong with a shard; ``DataError/images(shard:)`` for an image without an
    ///   image tokenizer; what `visit` throws.
    func sequences(
        of shards: [String],
        limit: Int,
        visit: ([Document]) throws -> Void
    ) throws -> [TokenSequence] {
        var sequences: [TokenSequence] = []
        var waiting: [Document] = []
        func encode() throws {
            sequences += try encoded(waiting)
            try visit(waiting)
            waiting = []
        }
        for path in shards where sequences.count + waiting.count < limit {
            let documents = try DocumentShard(contentsOf: URL(filePath: path)).documents()
            while sequences.count + waiting.count < limit, let document = try documents.next() {
                if !document.images.isEmpty, imageTokenizer == nil {
                    throw DataError.images(shard: path)
                }
                waiting.append(document)
                if waiting.reduce(0, { $0 + $1.images.count }) >= Self.imagesAtOnce
                    || waiting.count >= 4 * Self.imagesAtOnce
                {
                    try encode()
                }
            }
        }
        try encode()
        return sequences
    }

    /// Encodes the images of all documents together, and then each document.
    func encoded(_ documents: [Document]) throws -> [TokenSequence] {
        let images = documents.flatMap(\.images)
        var codes = try (images.isEmpty ? [] : imageTokenizer?.encode(images) ?? [])[...]
        return try documents.map { document in
            try TokenSequence(
                document,
                in: tokenizer.space,
                text: tokenizer.encode,
                // One list of codes an image, in the order of the images.
                image: { _ in codes.removeFirst() }
            )
        }
    }
}
