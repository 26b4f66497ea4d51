@testable import Vocabulary

extension PreTokenizer {
    func preTokens(of bytes: [UInt8]) -> [String] {
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
    func preTokens(of text: String) -> [String] {
        PreTokenizer(steps: [.pattern(self)]).preTokens(of: Array(text.utf8))
    }
}

extension Tokenizer {
    func preTokens(of text: String) -> [String] {
        pipeline.preTokenizer.preTokens(of: pipeline.normalizer.normalized(text))
    }
}
