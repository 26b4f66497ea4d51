import Basics

/// Trains a byte-level BPE vocabulary.
///
/// The merges are those of `tokenizers.trainers.BpeTrainer` with the byte alphabet and without a
/// minimum frequency: always the most frequent pair; of equally frequent pairs, the one with the
/// lower ids. The result depends on the words and their counts alone.
package struct BPETrainer: Sendable {
    /// Splits texts into the words that no merge crosses.
    package let splitPattern: SplitPattern

    package init(splitPattern: SplitPattern = .gpt2) {
        self.splitPattern = splitPattern
    }

    /// Trains `vocabularySize` text tokens, the 256 bytes included.
    ///
    /// Ids: `0..<vocabularySize` are text, then come `TokenSpace.SpecialToken.ofNewVocabulary` in order,
    /// then the image codes. A corpus with too few different words gives fewer text tokens.
    /// - Throws: `TokenizerError` if one of the two sizes is impossible.
    package func train(
        _ texts: some Sequence<String>,
        vocabularySize: Int,
        imageCodeCount: Int
    ) throws(TokenizerError) -> Tokenizer {
        guard (256...TokenID.accepted.upperBound).contains(vocabularySize) else {
            throw .vocabularySize(vocabularySize)
        }
        var training = BPETraining(wordCounts: wordCounts(of: texts))
        while training.tokens.count < vocabularySize, training.mergeMostFrequent() {}

        let model = BPEModel(
            tokens: training.tokens,
            merges: training.lastOfEachMerge(),
            ignoresMerges: false
        )
        let tokenizer = Tokenizer(
            model: model,
            pipeline: TextPipeline(byteLevel: splitPattern),
            addedTokens: [],
            space: TokenSpace(
                count: model.tokens.count,
                text: model.text,
                image: 0..<0,
                specialTokens: [:]
            )
        )
        return try tokenizer.appending(
            specialTokens: TokenSpace.SpecialToken.ofNewVocabulary,
            imageCodeCount: imageCodeCount
        )
    }

    private func wordCounts(of texts: some Sequence<String>) -> [[UInt8]: Int] {
        var counts: [[UInt8]: Int] = [:]
        for text in texts {
            let text = UTF8Text(text)
            Splitter(.pattern(splitPattern)).forEachPiece(of: text, from: 0) { piece in
                counts[Array(text.bytes[piece]), default: 0] += 1
            }
        }
        return counts
    }
}
