import Basics

/// Learns a byte-level byte-pair vocabulary from texts.
///
/// The merges are those of `tokenizers.trainers.BpeTrainer` with the byte alphabet and without a
/// least frequency: always the most frequent pair of neighbours, and of equally frequent ones the
/// pair with the lower ids. The result depends on the words and their counts alone.
package struct BytePairTrainer: Sendable {
    /// How texts are cut into the words that merges never cross.
    package let splitPattern: SplitPattern

    /// Sets how texts are cut into words.
    package init(splitPattern: SplitPattern = .gpt2) {
        self.splitPattern = splitPattern
    }

    /// Learns `vocabularySize` text tokens, the 256 bytes among them.
    ///
    /// The ids are `0..<vocabularySize` for text, then one for each of `TokenSpace.SpecialToken.allCases`
    /// in order, then the image codes. A corpus with too few different words gives fewer text tokens.
    /// - Throws: `TokenizerError` if one of the two sizes is impossible.
    package func train(
        _ texts: some Sequence<String>,
        vocabularySize: Int,
        imageCodeCount: Int
    ) throws(TokenizerError) -> Tokenizer {
        guard (256...TokenID.accepted.upperBound).contains(vocabularySize) else {
            throw .vocabularySize(vocabularySize)
        }
        var training = BytePairTraining(wordCounts: wordCounts(of: texts))
        while training.tokens.count < vocabularySize, training.mergeMostFrequent() {}

        let model = BytePairModel(
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
            specialTokens: TokenSpace.SpecialToken.allCases,
            imageCodeCount: imageCodeCount
        )
    }

    private func wordCounts(of texts: some Sequence<String>) -> [[UInt8]: Int] {
        var counts: [[UInt8]: Int] = [:]
        for text in texts {
            let text = UTF8Text(text)
            var start = 0
            while start < text.end {
                let end = splitPattern.endOfPiece(in: text, from: start)
                counts[Array(text.bytes[start..<end]), default: 0] += 1
                start = end
            }
        }
        return counts
    }
}
