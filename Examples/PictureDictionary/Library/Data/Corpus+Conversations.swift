import Basics
import Documents

extension Corpus {
    /// What the fused model is tuned on: conversations in words and images, some of several turns.
    ///
    /// No document names or shows a held-out concept.
    static func conversations(
        about concepts: [Concept],
        count: Int,
        painter: ScenePainter,
        seed: UInt64
    ) -> Corpus {
        let plan = ConversationPlan(concepts, painter)
        return Corpus(count: count) { position in
            var random = SeededGenerator(seed: seed, 2, UInt64(position))
            return Document(plan.turns(using: &random).flatMap { $0.question + $0.answer })
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
