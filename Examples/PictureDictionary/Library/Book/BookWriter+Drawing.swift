internal import Basics
internal import Documents

/// Conversations in which the assistant draws.
extension BookWriter {
    func explanation(
        of concept: Concept,
        _ random: inout SeededGenerator
    ) -> BookConversation? {
        guard let definition = concept.definition else { return nil }
        let known = llmAnswers[Self.plainQuestion(about: concept)]?.firstSentence
        let question = pick(BookWordings.explain, &random).text(.init(concept.phrase))
        return BookConversation(
            kind: .explain,
            concepts: [concept],
            question: [asked(question)],
            answer: [
                said(known ?? definition.sentence), drawn(plainScene(of: concept, &random)),
            ],
            expected: .init(pictures: [concept.name])
        )
    }

    /// The question whose answer by the LLM explains a thing in all wordings.
    static func plainQuestion(about concept: Concept) -> String {
        Wordings.define.trained[0].text(.init(concept.phrase))
    }

    func drawing(of concept: Concept, _ random: inout SeededGenerator) -> BookConversation {
        let number = pickDrawing(of: concept, &random)
        let scene =
            isPlain || Int.random(in: 0..<4, using: &random) > 0
            ? Scene(concept, drawing: number)
            : painter.randomScene(of: concept, drawing: number, using: &random)
        return BookConversation(
            kind: .draw,
            concepts: [concept],
            question: [asked(pick(BookWordings.draw, &random).text(.init([scene])))],
            answer: [drawn(scene)],
            expected: .init(pictures: [concept.name])
        )
    }

    func riddle(about concept: Concept, _ random: inout SeededGenerator) -> BookConversation? {
        guard let clue = concept.clues.randomElement(using: &random) else { return nil }
        let question = pick(BookWordings.riddle, &random).filled(["{clue}": clue])
        return BookConversation(
            kind: .riddle,
            concepts: [concept],
            question: [asked(question)],
            answer: [drawn(plainScene(of: concept, &random))],
            expected: .init(pictures: [concept.name], words: concept.answerWords)
        )
    }

    func several(
        with concept: Concept,
        _ random: inout SeededGenerator
    ) -> BookConversation {
        var concepts = [concept]
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            concepts.append(other(than: concepts, &random))
        }
        let scenes = concepts.map { plainScene(of: $0, &random) }
        return BookConversation(
            kind: .several,
            concepts: concepts,
            question: [asked(pick(BookWordings.several, &random).text(.init(scenes)))],
            answer: scenes.map(drawn),
            expected: .init(pictures: concepts.map(\.name))
        )
    }

    func talk(
        _ random: inout SeededGenerator,
        _ wordings: Wordings = BookWordings.talk
    ) -> BookConversation? {
        let question = pick(wordings, &random).template
        // A report needs no answer; the LLM's own is what it would be trained on.
        let answer = llmAnswers[question] ?? (usesHeldOutWordings ? "" : nil)
        return answer.map { Self.talk(question, $0) }
    }

    static func talk(_ question: String, _ answer: String) -> BookConversation {
        BookConversation(
            kind: .talk,
            concepts: [],
            question: [.text(question, role: .user)],
            answer: [.text(answer, role: .assistant)],
            expected: .init()
        )
    }
}

extension String {
    /// The text up to the first full stop before a space.
    var firstSentence: String {
        firstRange(of: ". ").map { String(self[..<$0.lowerBound]) + "." } ?? self
    }
}
