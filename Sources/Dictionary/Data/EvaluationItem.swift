import Basics
package import Documents

/// A question that a model is asked, and what its answer is measured against.
package struct EvaluationItem: Sendable, Equatable {
    /// What is asked for.
    package let kind: QuestionKind
    /// What the user says.
    package let question: Document
    /// What a perfect model answers.
    package let reference: Document
    /// The concepts that the question is about, in order.
    package let concepts: [Concept]
    /// The scenes that the images of the answer show, in order.
    package let scenes: [Scene]
    /// The definitions that the answer gives, in order.
    package let definitions: [Definition]

    /// Asks every kind of question about the held-out concepts: each of one concept once about
    /// each of them, those of several about neighbours in a shuffled order.
    static func heldOut(
        of concepts: [Concept],
        painter: ScenePainter,
        seed: UInt64
    ) -> [EvaluationItem] {
        let writer = ConversationWriter(painter: painter)
        let heldOut = concepts.filter { $0.split == .heldOut }
        return QuestionKind.allCases.enumerated().flatMap { order, kind in
            var random = SeededGenerator(seed: seed, 3, UInt64(order))
            let askable = heldOut.filter { !kind.needsDefinition || $0.definition != nil }
                .shuffled(using: &random)
            let size = kind.conceptCount.lowerBound
            let groups = stride(from: 0, through: askable.count - size, by: size)
            return groups.map { start in
                let concepts = Array(askable[start..<start + size])
                let item = writer.conversation(kind, about: concepts, using: &random)
                return EvaluationItem(
                    kind: kind,
                    question: Document(item.question),
                    reference: Document(item.answer),
                    concepts: concepts,
                    scenes: item.scenes,
                    definitions: item.definitions
                )
            }
        }
    }
}
