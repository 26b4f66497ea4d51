import Basics
import Documents
import Foundation
import Vision
import Vocabulary

/// Reads the documents of shards as tokens.
struct SequenceReader {
    let tokenizer: Tokenizer
    let coder: (any PictureCoder)?

    /// How many pictures the image tokenizer gets at a time.
    private static let picturesAtOnce = 64

    /// Reads up to `limit` documents; `visit` is given all of them in order, some at a time.
    ///
    /// - Throws: what is wrong with a shard; ``DataError/pictures(shard:)`` for a picture without an
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
                if !document.pictures.isEmpty, coder == nil {
                    throw DataError.pictures(shard: path)
                }
                waiting.append(document)
                if waiting.reduce(0, { $0 + $1.pictures.count }) >= Self.picturesAtOnce
                    || waiting.count >= 4 * Self.picturesAtOnce
                {
                    try encode()
                }
            }
        }
        try encode()
        return sequences
    }

    /// Encodes the pictures of all documents together, and then each document.
    func encoded(_ documents: [Document]) throws -> [TokenSequence] {
        let pictures = documents.flatMap(\.pictures)
        var codes = try (pictures.isEmpty ? [] : coder?.encode(pictures) ?? [])[...]
        return try documents.map { document in
            try TokenSequence(
                document,
                in: tokenizer.space,
                text: tokenizer.encode,
                // One list of codes a picture, in the order of the pictures.
                picture: { _ in codes.removeFirst() }
            )
        }
    }
}
