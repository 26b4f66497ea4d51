import Basics
import Documents

/// Writes questions about concepts, with their answers.
struct ConversationWriter: Sendable {
    let painter: ScenePainter

    func conversation(
        _ kind: Conversation.Kind,
        about concepts: [Concept],
        using random: inout SeededGenerator
    ) -> Conversation {
        precondition(kind.conceptCount.contains(concepts.count), "\(kind) of \(concepts.count)")
        let scenes = concepts.map { Scene($0) }
        let question: [Segment]
        let answer: [Segment]
        switch kind {
        case .define:
            question = ask(.define, .init(concepts[0].phrase), &random)
            answer = explanation(of: scenes)
        case .compare:
            let (first, second) = (concepts[0].phrase, concepts[1].phrase)
            question = ask(.compare, .init(first), and: .init(second), &random)
            answer = explanation(of: scenes)
        case .draw, .several:
            (question, answer) = drawing(scenes, &random)
        case .scene:
            (question, answer) = drawing([unusualScene(of: concepts[0], &random)], &random)
        case .name:
            (question, answer) = naming(concepts[0], &random)
        }
        return Conversation(kind: kind, concepts: concepts, question: question, answer: answer)
    }

    /// Asks every kind of question about the held-out concepts: those about one concept once per
    /// concept, those about several once per group of neighbors in a shuffled order.
    func heldOutQuestions(about concepts: [Concept], seed: UInt64) -> [Conversation] {
        let heldOut = concepts.filter { $0.split == .heldOut }
        return Conversation.Kind.allCases.enumerated().flatMap { order, kind in
            var random = SeededGenerator(seed: seed, 3, UInt64(order))
            let askable = heldOut.filter { !kind.needsDefinition || $0.definition != nil }
                .shuffled(using: &random)
            let size = kind.conceptCount.lowerBound
            return stride(from: 0, through: askable.count - size, by: size).map { start in
                conversation(kind, about: Array(askable[start..<start + size]), using: &random)
            }
        }
    }

    private func ask(
        _ wordings: Wordings,
        _ subject: Wording.Subject?,
        and second: Wording.Subject? = nil,
        _ random: inout SeededGenerator
    ) -> [Segment] {
        let text = wordings.trained.randomElement(using: &random)?.text(subject, and: second)
        return [.text(text ?? "", role: .user)]
    }

    /// The images, then the definitions.
    ///
    /// Images come right after the question: a definition before them is full of other concepts'
    /// names, which a small image parent takes for captions.
    private func explanation(of scenes: [Scene]) -> [Segment] {
        let sentences = scenes.compactMap(\.concept.definition?.sentence)
        return images(of: scenes) + [.text(sentences.joined(separator: " "), role: .assistant)]
    }

    private func images(of scenes: [Scene]) -> [Segment] {
        scenes.map { .image(painter.image(of: $0), role: .assistant) }
    }

    private func drawing(
        _ scenes: [Scene],
        _ random: inout SeededGenerator
    ) -> ([Segment], [Segment]) {
        (ask(.draw, .init(scenes), &random), images(of: scenes))
    }

    /// An image of the concept in any scene; the answer is its name and definition.
    private func naming(
        _ concept: Concept,
        _ random: inout SeededGenerator
    ) -> ([Segment], [Segment]) {
        let scene = painter.randomScene(of: concept, using: &random)
        let image = Segment.image(painter.image(of: scene), role: .user)
        let question = ask(.name, nil, &random)
        let isPlural = concept.phrase.form == .plural
        let name = "\(isPlural ? "These are" : "This is") \(concept.phrase.indefinite)."
        let text = [name, concept.definition?.sentence].compactMap(\.self).joined(separator: " ")
        return (
            Bool.random(using: &random) ? question + [image] : [image] + question,
            [.text(text, role: .assistant)]
        )
    }

    /// A scene other than large, centered and on white.
    private func unusualScene(of concept: Concept, _ random: inout SeededGenerator) -> Scene {
        while true {
            let scene = painter.randomScene(of: concept, using: &random)
            if scene != Scene(concept) { return scene }
        }
    }
}
