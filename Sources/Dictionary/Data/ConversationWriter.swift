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
        [.text(phrasings.randomElement(using: &random) ?? "", speaker: .user)]
    }

    /// The pictures, and then the definitions.
    ///
    /// Pictures stand first, right behind the question: a definition before them is full of other
    /// things' names, which a small image parent takes for captions.
    private func explained(_ scenes: [Scene]) -> [Segment] {
        let sentences = scenes.compactMap(\.concept.definition?.sentence)
        return scenes.map { .picture(painter.picture(of: $0), speaker: .assistant) }
            + [.text(sentences.joined(separator: " "), speaker: .assistant)]
    }

    /// Pictures alone.
    private func drawing<Generator: RandomNumberGenerator>(
        _ scenes: [Scene],
        using random: inout Generator
    ) -> Conversation {
        Conversation(
            question: ask(Self.draw(Self.list(scenes.map(\.phrase))), using: &random),
            answer: scenes.map { .picture(painter.picture(of: $0), speaker: .assistant) },
            scenes: scenes,
            definitions: []
        )
    }

    /// A picture of any kind, and what it shows.
    private func naming<Generator: RandomNumberGenerator>(
        _ concept: Concept,
        using random: inout Generator
    ) -> Conversation {
        let scene = painter.randomScene(of: concept, using: &random)
        let picture = Segment.picture(painter.picture(of: scene), speaker: .user)
        let question = ask(Self.name, using: &random)
        let isPlural = concept.phrase.form == .plural
        let name = "\(isPlural ? "These are" : "This is") \(concept.phrase.indefinite)."
        let text = [name, concept.definition?.sentence].compactMap { $0 }.joined(separator: " ")
        return Conversation(
            question: Bool.random(using: &random) ? question + [picture] : [picture] + question,
            answer: [.text(text, speaker: .assistant)],
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
