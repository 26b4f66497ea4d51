import Basics
package import Documents

/// What the fused model is tuned on: conversations in words and images about the tuning split.
///
/// No document names or shows a held-out concept. Document `n` is a pure function of the seed
/// and `n`.
package struct ConversationCorpus: RandomAccessCollection, Sendable {
    private let seed: UInt64
    private let concepts: [Concept]
    private let defined: [Concept]
    private let writer: ConversationWriter

    /// The number of documents.
    package let endIndex: Int

    /// Plans `count` conversations about those of the concepts that are for tuning.
    init(concepts: [Concept], painter: ScenePainter, count: Int, seed: UInt64) {
        self.seed = seed
        self.concepts = concepts.filter { $0.split == .tuning }
        defined = self.concepts.filter { $0.definition != nil }
        writer = ConversationWriter(painter: painter)
        endIndex = count
    }

    /// The first document.
    package var startIndex: Int { 0 }

    /// Writes a conversation.
    package subscript(position: Int) -> Document {
        precondition(indices.contains(position), "no document \(position)")
        var random = SeededGenerator(seed: seed, 2, UInt64(position))
        let kinds = QuestionKind.allCases.flatMap { Array(repeating: $0, count: $0.share) }
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
