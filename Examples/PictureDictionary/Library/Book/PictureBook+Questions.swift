internal import Basics
internal import Documents

extension PictureBook {
    /// What a question is new in.
    package enum Novelty: String, Sendable, CaseIterable {
        /// Things that conversations were about, in held-out wordings.
        case wordings
        /// Drawings that no training data shows, of things that conversations were about, in
        /// held-out wordings.
        case drawings
        /// Things that only captions name, in held-out wordings.
        case things
    }

    /// A question and what it is new in.
    package struct Question: Sendable {
        package let novelty: Novelty
        package let conversation: BookConversation
    }

    /// Questions of every kind and novelty, at most `limit` of each; all in held-out wordings.
    ///
    /// Only kinds in which the user shows a picture ask about held-out drawings, and talk without
    /// pictures is new in its wordings only.
    package func questions(limit: Int = 100) -> [Question] {
        Novelty.allCases.flatMap { novelty in
            BookConversation.Kind.allCases.flatMap { kind in
                questions(kind, novelty, limit).map { Question(novelty: novelty, conversation: $0) }
            }
        }
    }

    private func questions(
        _ kind: BookConversation.Kind,
        _ novelty: Novelty,
        _ limit: Int
    ) -> [BookConversation] {
        if kind == .talk {
            guard novelty == .wordings else { return [] }
            return BookWordings.talk.heldOut.prefix(limit).map {
                BookWriter.talk($0.template, llmAnswers[$0.template] ?? "")
            }
        }
        if novelty == .drawings, !kind.showsPicture { return [] }
        let writer = BookWriter(
            painter: painter,
            vocabulary: BookVocabulary(concepts),
            usesHeldOutWordings: true,
            drawings: novelty == .drawings ? .heldOut : .trained,
            isPlain: true,
            llmAnswers: llmAnswers
        )
        let pool = writer.vocabulary.concepts(for: kind).filter { concept in
            switch novelty {
            case .wordings: concept.split == .tuning
            case .drawings: concept.split == .tuning && concept.heldOutDrawing != nil
            case .things: concept.split == .heldOut
            }
        }
        let order = Concept.hash(of: kind.rawValue + novelty.rawValue)
        var random = SeededGenerator(seed: seed, 7, order)
        return pool.shuffled(using: &random).prefix(limit).compactMap {
            writer.conversation(kind, about: $0, using: &random)
        }
    }
}

extension PictureBook.Question {
    /// The metadata of the sample in the shard of questions.
    var json: JSON {
        let expected = conversation.expected
        func strings(_ values: [String]) -> JSON { .array(values.map(JSON.string)) }
        return [
            "kind": .string(conversation.kind.rawValue),
            "new": .string(novelty.rawValue),
            "things": strings(conversation.concepts.map(\.name)),
            "pictures": strings(expected.pictures),
            "background": expected.background.map { .string($0.rawValue) } ?? .null,
            "small": .bool(expected.isSmall),
            "shown": .bool(conversation.showsImage),
            "words": strings(expected.words),
            "wrong_words": strings(expected.wrongWords),
            "yes": expected.isYes.map(JSON.bool) ?? .null,
            "answer": .string(Document(conversation.answer).text),
        ]
    }
}
