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

    /// Reads up to `limit` documents; `onDocument` is told how many there are so far.
    ///
    /// - Throws: what is wrong with a shard; ``DataError/pictures(shard:)`` for a picture without an
    ///   image tokenizer.
    func sequences(
        of shards: [String],
        limit: Int,
        onDocument: (Int) -> Void
    ) throws -> [TokenSequence] {
        var sequences: [TokenSequence] = []
        var waiting: [Document] = []
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
                    sequences += try encoded(waiting)
                    waiting = []
                    onDocument(sequences.count)
                }
            }
        }
        sequences += try encoded(waiting)
        onDocument(sequences.count)
        return sequences
    }

    /// Encodes the pictures of all documents together, and then each document.
    private func encoded(_ documents: [Document]) throws -> [TokenSequence] {
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
