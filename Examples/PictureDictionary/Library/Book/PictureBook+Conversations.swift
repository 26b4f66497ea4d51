internal import Basics
internal import Documents

extension Corpus {
    /// Conversations of some kinds, each as often as its share says; none if there are no kinds.
    ///
    /// The writer has to be able to write them: where the LLM's answer is not known, another is
    /// written.
    static func bookConversations(
        of kinds: [BookConversation.Kind],
        count: Int,
        by writer: BookWriter,
        seed: UInt64,
        _ stream: UInt64
    ) -> Corpus {
        let kinds = kinds.flatMap { Array(repeating: $0, count: $0.share) }
        return Corpus(count: kinds.isEmpty ? 0 : count) { position in
            var random = SeededGenerator(seed: seed, stream, UInt64(position))
            while true {
                let kind = kinds[Int.random(in: 0..<kinds.count, using: &random)]
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
