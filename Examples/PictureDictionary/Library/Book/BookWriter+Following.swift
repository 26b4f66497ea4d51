internal import Basics
internal import Documents

/// Second turns about the picture of the first answer.
extension BookWriter {
    func followUp(about concept: Concept, _ random: inout SeededGenerator) -> BookConversation {
        let number = pickDrawing(of: concept, &random)
        let backgrounds = painter.backgrounds(for: concept, drawing: number)
        let first = Scene(
            concept,
            on: backgrounds.randomElement(using: &random) ?? .white,
            drawing: number
        )
        let opening = [
            asked(pick(BookWordings.draw, &random).text(.init([first]))), drawn(first),
        ]
        func conversation(
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
        func redrawn(_ wording: Wording, _ scene: Scene, _ color: Background) -> BookConversation {
            let question = wording.filled([
                "{it}": concept.phrase.pronoun, "{color}": color.rawValue,
            ])
            return conversation(question, drawn(scene), .init(pictures: [concept.name]))
        }
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            let color = first.background.rawValue
            return conversation(
                pick(BookWordings.backgroundColor, &random).template,
                said("The background is \(color)."),
                .init(words: [color])
            )
        case 1:
            let color =
                backgrounds.filter { $0 != first.background }.randomElement(using: &random)
                ?? .white
            return redrawn(
                pick(BookWordings.otherBackground, &random),
                Scene(concept, on: color, drawing: number),
                color
            )
        case 2:
            return redrawn(
                pick(BookWordings.smaller, &random),
                Scene(concept, .small(.center), on: first.background, drawing: number),
                first.background
            )
        default:
            return conversation(
                pick(BookWordings.whatWasDrawn, &random).template,
                said(concept.phrase.statement.capitalizedFirst + "."),
                .init(words: concept.answerWords)
            )
        }
    }
}
