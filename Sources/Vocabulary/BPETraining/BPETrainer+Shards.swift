package import Documents

extension BPETrainer {
    /// Trains on all texts of documents.
    ///
    /// - Throws: what reading them throws, or `TokenizerError` for impossible sizes.
    package func train(
        on documents: ShardsReader,
        vocabularySize: Int,
        imageCodeCount: Int
    ) throws -> Tokenizer {
        var texts: [String] = []
        while let (document, _) = try documents.next() { texts += document.texts }
        try documents.finish()
        return try train(texts, vocabularySize: vocabularySize, imageCodeCount: imageCodeCount)
    }
}
