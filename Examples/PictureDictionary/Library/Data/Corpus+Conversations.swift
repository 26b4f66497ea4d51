import Basics
import Documents

extension Corpus {
    /// What the fused model is tuned on: conversations in words and images.
    ///
    /// No document names or shows a held-out concept.
    static func conversations(
        about concepts: [Concept],
        count: Int,
        painter: ScenePainter,
        seed: UInt64
    ) -> Corpus {
        let concepts = concepts.filter { $0.split == .tuning }
        let defined = concepts.filter { $0.definition != nil }
        let writer = ConversationWriter(painter: painter)
        let kinds = Conversation.Kind.allCases.flatMap { Array(repeating: $0, count: $0.share) }
        return Corpus(count: count) { position in
            var random = SeededGenerator(seed: seed, 2, UInt64(position))
            let kind = kinds.randomElement(using: &random) ?? .define
            let pool = kind.needsDefinition || Bool.random(using: &random) ? defined : concepts
            var chosen: [Concept] = []
            let count = Int.random(in: kind.conceptCount, using: &random)
            while chosen.count < count {
                let concept = pool[Int.random(in: 0..<pool.count, using: &random)]
                if !chosen.contains(concept) { chosen.append(concept) }
            }
            return writer.conversation(kind, about: chosen, using: &random).document
        }
    }

    /// What tuning replays beside the parents' own data: an image of a tuning concept, then
    /// unrelated prose.
    ///
    /// The text parent has never read text after an image and recalls it less well there. This
    /// data trains nothing but going on after an image. All prose appears once before any repeats.
    static func interleaved(
        _ text: Corpus,
        _ concepts: [Concept],
        count: Int,
        painter: ScenePainter,
        seed: UInt64
    ) -> Corpus {
        let concepts = concepts.filter { $0.split == .tuning }
        return Corpus(count: count) { position in
            var random = SeededGenerator(seed: seed, 4, UInt64(position))
            let concept = concepts[Int.random(in: 0..<concepts.count, using: &random)]
            let scene = painter.randomScene(of: concept, using: &random)
            let prose = text[position % text.count]
            return Document([.image(painter.image(of: scene))] + prose.segments)
        }
    }
}
