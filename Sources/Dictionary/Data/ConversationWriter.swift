import Documents

/// Writes questions about concepts, with their answers.
struct ConversationWriter: Sendable {
    let painter: ScenePainter

    /// Asks and answers a question of a kind about as many concepts as it needs.
    func conversation<Generator: RandomNumberGenerator>(
        _ kind: QuestionKind,
        about concepts: [Concept],
        using random: inout Generator
    ) -> Conversation {
        precondition(kind.conceptCount.contains(concepts.count), "\(kind) of \(concepts.count)")
        let plain = concepts.map { Scene($0) }
        let definitions = concepts.compactMap(\.definition)
        switch kind {
        case .define:
            return Conversation(
                question: ask(Self.define(concepts[0].phrase), using: &random),
                answer: explained(plain),
                scenes: plain,
                definitions: definitions
            )
        case .draw:
            return drawing(plain, using: &random)
        case .scene:
            return drawing([special(concepts[0], using: &random)], using: &random)
        case .several:
            return drawing(plain, using: &random)
        case .name:
            return naming(concepts[0], using: &random)
        case .compare:
            let (first, second) = (concepts[0].phrase, concepts[1].phrase)
            return Conversation(
                question: ask(Self.compare(first, second), using: &random),
                answer: explained(plain),
                scenes: plain,
                definitions: definitions
            )
        }
    }

    private func ask<Generator: RandomNumberGenerator>(
        _ phrasings: [String],
        using random: inout Generator
    ) -> [Segment] {
        [.text(phrasings.randomElement(using: &random) ?? "", role: .user)]
    }

    /// The images, and then the definitions.
    ///
    /// Images stand first, right behind the question: a definition before them is full of other
    /// things' names, which a small image parent takes for captions.
    private func explained(_ scenes: [Scene]) -> [Segment] {
        let sentences = scenes.compactMap(\.concept.definition?.sentence)
        return scenes.map { .image(painter.image(of: $0), role: .assistant) }
            + [.text(sentences.joined(separator: " "), role: .assistant)]
    }

    /// Images alone.
    private func drawing<Generator: RandomNumberGenerator>(
        _ scenes: [Scene],
        using random: inout Generator
    ) -> Conversation {
        Conversation(
            question: ask(Self.draw(Self.list(scenes.map(\.phrase))), using: &random),
            answer: scenes.map { .image(painter.image(of: $0), role: .assistant) },
            scenes: scenes,
            definitions: []
        )
    }

    /// An image of any kind, and what it shows.
    private func naming<Generator: RandomNumberGenerator>(
        _ concept: Concept,
        using random: inout Generator
    ) -> Conversation {
        let scene = painter.randomScene(of: concept, using: &random)
        let image = Segment.image(painter.image(of: scene), role: .user)
        let question = ask(Self.name, using: &random)
        let isPlural = concept.phrase.form == .plural
        let name = "\(isPlural ? "These are" : "This is") \(concept.phrase.indefinite)."
        let text = [name, concept.definition?.sentence].compactMap { $0 }.joined(separator: " ")
        return Conversation(
            question: Bool.random(using: &random) ? question + [image] : [image] + question,
            answer: [.text(text, role: .assistant)],
            scenes: [],
            definitions: [concept.definition].compactMap { $0 }
        )
    }

    /// A scene that is not large, in the middle and on white.
    private func special<Generator: RandomNumberGenerator>(
        _ concept: Concept,
        using random: inout Generator
    ) -> Scene {
        let usual = Scene(concept)
        while true {
            let scene = painter.randomScene(of: concept, using: &random)
            if scene != usual { return scene }
        }
    }
}
