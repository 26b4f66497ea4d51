internal import Basics
internal import Documents

extension Corpus {
    /// What a fused model is tuned on: conversations about things that are not held out, with
    /// drawings that are not, in trained wordings.
    ///
    /// Where the LLM's answer is not known, WordNet explains, and there is no talk without pictures.
    static func bookConversations(
        about concepts: [Concept],
        count: Int,
        painter: ScenePainter,
        llmAnswers: [String: String],
        seed: UInt64
    ) -> Corpus {
        let writer = BookWriter(
            tuning: BookVocabulary(concepts.filter { $0.split == .tuning }),
            painter: painter,
            llmAnswers: llmAnswers
        )
        let kinds = BookConversation.Kind.allCases.flatMap { Array(repeating: $0, count: $0.share) }
        return Corpus(count: count) { position in
            var random = SeededGenerator(seed: seed, 6, UInt64(position))
            while true {
                let kind = kinds.randomElement(using: &random) ?? .draw
                let pool = writer.vocabulary.concepts(for: kind)
                let concept = pool[Int.random(in: 0..<pool.count, using: &random)]
                if let conversation = writer.conversation(kind, about: concept, using: &random) {
                    return conversation.document
                }
            }
        }
    }
}

extension BookVocabulary {
    /// The things that a kind of conversation can be about.
    func concepts(for kind: BookConversation.Kind) -> [Concept] {
        switch kind {
        case .explain: defined
        case .riddle: describable
        case .askAfter: askable
        case .draw, .name, .describe, .yesOrNo, .oneOfFour, .several, .followUp, .talkAfter,
            .drawAfter, .talk:
            usable
        }
    }
}
