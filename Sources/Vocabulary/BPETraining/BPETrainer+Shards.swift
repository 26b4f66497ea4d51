import Documents
import Foundation

extension BPETrainer {
    /// Trains on all texts of shards, JSON Lines files or WebDataset archives.
    ///
    /// - Throws: `ShardError`, `FileError`, or `TokenizerError` for impossible sizes.
    package func train(
        onShards paths: [String],
        vocabularySize: Int,
        imageCodeCount: Int
    ) throws -> Tokenizer {
        var texts: [String] = []
        for path in paths {
            let documents = try DocumentShard(contentsOf: URL(filePath: path)).documents()
            while let document = try documents.next() { texts += document.texts }
        }
        return try train(texts, vocabularySize: vocabularySize, imageCodeCount: imageCodeCount)
    }
}
