// What a tokenizer does before merging, for comparison with the reference.

extension PreTokenizer {
    /// The pre-tokens of a text.
    fileprivate func preTokens(of bytes: [UInt8]) -> [String] {
        guard !bytes.isEmpty else { return [] }
        let text = UTF8Text(bytes: prepared(bytes, isBeginning: true))
        var preTokens: [String] = []
        forEachPreToken(of: text) {
            preTokens.append(String(decoding: text.bytes[$0], as: UTF8.self))
        }
        return preTokens
    }
}

extension SplitPattern {
    /// The pre-tokens of a text that is split by this pattern alone.
    package func preTokens(of text: String) -> [String] {
        PreTokenizer(steps: [Splitter(.pattern(self))]).preTokens(of: Array(text.utf8))
    }
}

extension Tokenizer {
    /// The pre-tokens of a text, after normalization.
    package func preTokens(of text: String) -> [String] {
        pipeline.preTokenizer.preTokens(of: pipeline.normalizer.normalized(text))
    }
}
