internal import Basics
internal import Documents

/// Second turns: about the picture of the first answer, or about something else.
extension BookWriter {
    /// What the second turn asks.
    private enum FollowUp: CaseIterable {
        case backgroundColor, otherBackground, smaller, whatWasDrawn
    }

    /// A second turn; a question of a report is about what the picture shows and no word says, or asks
    /// for another picture.
    func followUp(about concept: Concept, _ random: inout SeededGenerator) -> BookConversation {
        let number = pickDrawing(of: concept, &random)
        let backgrounds = painter.backgrounds(for: concept, drawing: number)
        let first = Scene(
            concept,
            on: backgrounds.randomElement(using: &random) ?? .white,
            drawing: number
        )
        var kinds = FollowUp.allCases
        // In a report the first request has the name. What no word tells of a drawn image, the head
        // `seeing` does not say (decision 22), so its color is asked for in reports alone.
        kinds.removeAll { $0 == (usesHeldOutWordings ? .whatWasDrawn : .backgroundColor) }
        let others = backgrounds.filter { $0 != first.background }
        if others.isEmpty { kinds.removeAll { $0 == .otherBackground } }

        func conversation(
            _ opening: [Segment],
            _ question: String,
            _ answer: Segment,
            _ expected: BookConversation.Expected
        ) -> BookConversation {
            BookConversation(
                kind: .followUp,
                concepts: [concept],
                question: opening + [asked(question)],
                answer: [answer],
                expected: expected
            )
        }
        func redrawn(_ wordings: Wordings, _ scene: Scene) -> BookConversation {
            let question = pick(wordings, &random).filled([
                "{it}": concept.phrase.pronoun, "{color}": scene.background.rawValue,
            ])
            return conversation(
                opening(first, &random),
                question,
                drawn(scene),
                .init(
                    pictures: [concept.name],
                    background: scene.background,
                    isSmall: scene.placement != .large
                )
            )
        }
        switch kinds.randomElement(using: &random) ?? .smaller {
        case .backgroundColor:
            let color = first.background.rawValue
            return conversation(
                openingWithoutColor(first, &random),
                pick(BookWordings.backgroundColor, &random).template,
                said("The background is \(color)."),
                .init(words: [color])
            )
        case .otherBackground:
            let color = others.randomElement(using: &random) ?? .white
            return redrawn(
                BookWordings.otherBackground,
                Scene(concept, on: color, drawing: number)
            )
        case .smaller:
            return redrawn(
                BookWordings.smaller,
                Scene(concept, .small(.center), on: first.background, drawing: number)
            )
        case .whatWasDrawn:
            return conversation(
                opening(first, &random),
                pick(BookWordings.whatWasDrawn, &random).template,
                said(concept.phrase.statement.capitalizedFirst + "."),
                .init(words: concept.answerWords)
            )
        }
    }

    /// A question about a thing after the user showed it, or after it was drawn; `nil` if the LLM's
    /// answer is not known, which a report does not need.
    func question(after concept: Concept, isShown: Bool) -> BookConversation? {
        guard var conversation = unansweredQuestion(after: concept, isShown: isShown) else {
            return nil
        }
        if !usesHeldOutWordings {
            guard let answer = llmAnswers[conversation.questionInWords.text] else { return nil }
            conversation.answer = [said(answer)]
        }
        return conversation
    }

    /// The same without the answer: always in the same words, which the LLM is asked.
    func unansweredQuestion(after concept: Concept, isShown: Bool) -> BookConversation? {
        let split: UInt64 = usesHeldOutWordings ? 1 : 0
        var random = SeededGenerator(
            seed: Concept.hash(of: concept.name),
            isShown ? 9 : 8,
            split
        )
        let kinds = isShown ? [.name] : [.draw] + explanations(of: concept)
        let phrase = concept.phrase
        let question = pick(BookWordings.askAfter, &random).filled([
            "{a}": phrase.indefinite, "{it}": phrase.pronoun, "{is}": phrase.verb,
            "{they}": phrase.subjectPronoun,
        ])
        return first(about: concept, kinds, &random)?
            .followed(by: Self.talk(question, ""), as: .askAfter)
    }

    /// Talk without any image after a thing was drawn, named or explained.
    func talk(after concept: Concept, _ random: inout SeededGenerator) -> BookConversation? {
        guard let talk = talk(&random, BookWordings.talkAfter) else { return nil }
        let kinds: [BookConversation.Kind] = [.draw, .name] + explanations(of: concept)
        return first(about: concept, kinds, &random)?.followed(by: talk, as: .talkAfter)
    }

    /// A drawing of a thing after an answer that has nothing to do with it.
    func drawingAfterAnother(
        of concept: Concept,
        _ random: inout SeededGenerator
    ) -> BookConversation? {
        let subject = other(than: [concept], &random)
        let kinds: [BookConversation.Kind] = [.draw, .name, .talk] + explanations(of: subject)
        return first(about: subject, kinds, &random)?
            .followed(by: drawing(of: concept, &random), as: .drawAfter)
    }

    /// The kind that explains a thing first, if it can be; none in a report, which has no words of the
    /// LLM, so that questions are the same without its answers.
    private func explanations(of concept: Concept) -> [BookConversation.Kind] {
        usesHeldOutWordings || concept.definition == nil ? [] : [.explain]
    }

    /// A first conversation of one of the kinds.
    private func first(
        about concept: Concept,
        _ kinds: [BookConversation.Kind],
        _ random: inout SeededGenerator
    ) -> BookConversation? {
        let kind = kinds.randomElement(using: &random) ?? .draw
        if kind == .talk, usesHeldOutWordings {
            return BookWordings.openings.randomElement(using: &random).map {
                Self.talk($0.question, $0.answer)
            }
        }
        return conversation(kind, about: concept, using: &random)
    }

    /// The first request and its answer.
    private func opening(_ scene: Scene, _ random: inout SeededGenerator) -> [Segment] {
        [asked(pick(BookWordings.draw, &random).text(.init([scene]))), drawn(scene)]
    }

    /// The first request and its answer, in which only the picture tells the background's color.
    private func openingWithoutColor(
        _ scene: Scene,
        _ random: inout SeededGenerator
    ) -> [Segment] {
        let told = Scene(scene.concept, scene.placement, drawing: scene.drawing)
        let answer = Segment.image(
            painter.image(of: scene),
            altText: told.altText,
            role: .assistant
        )
        return [asked(pick(BookWordings.draw, &random).text(.init([told]))), answer]
    }
}
