internal import Basics
internal import Documents

/// Conversations about a picture that the user shows.
extension BookWriter {
    func naming(of concept: Concept, _ random: inout SeededGenerator) -> BookConversation {
        let scene = shownScene(of: concept, &random)
        let question = pick(BookWordings.name, &random).template
        return BookConversation(
            kind: .name,
            concepts: [concept],
            question: shown(scene, with: question, &random),
            answer: [said(concept.phrase.statement.capitalizedFirst + ".")],
            expected: .init(words: concept.answerWords)
        )
    }

    func description(of concept: Concept, _ random: inout SeededGenerator) -> BookConversation {
        let number = pickDrawing(of: concept, &random)
        let scene = painter.randomScene(of: concept, drawing: number, using: &random)
        let question = pick(BookWordings.describe, &random).template
        return BookConversation(
            kind: .describe,
            concepts: [concept],
            question: shown(scene, with: question, &random),
            answer: [said("It shows \(scene.phrase).")],
            expected: .init(words: concept.answerWords)
        )
    }

    func yesOrNo(about concept: Concept, _ random: inout SeededGenerator) -> BookConversation {
        let scene = shownScene(of: concept, &random)
        let isYes = Bool.random(using: &random)
        let asked = isYes ? concept : other(than: [concept], &random)
        let isPlural = asked.phrase.form == .plural
        let question = pick(BookWordings.yesOrNo, &random).filled([
            "{a}": asked.phrase.indefinite,
            "{isthis}": isPlural ? "are these" : "is this",
            "{this}": isPlural ? "these are" : "this is",
        ])
        return BookConversation(
            kind: .yesOrNo,
            concepts: isYes ? [concept] : [concept, asked],
            question: shown(scene, with: question, &random),
            answer: [said("\(isYes ? "Yes" : "No"), \(concept.phrase.statement).")],
            expected: .init(words: concept.answerWords, isYes: isYes)
        )
    }

    func choice(of concept: Concept, _ random: inout SeededGenerator) -> BookConversation {
        let scene = shownScene(of: concept, &random)
        var concepts = [concept]
        while concepts.count < 4 { concepts.append(other(than: concepts, &random)) }
        let names = concepts.map(\.phrase.indefinite).shuffled(using: &random)
        let options = names.dropLast().joined(separator: ", ") + " or " + names[3]
        let question = pick(BookWordings.oneOfFour, &random).filled(["{options}": options])
        return BookConversation(
            kind: .oneOfFour,
            concepts: concepts,
            question: shown(scene, with: question, &random),
            answer: [said(concept.phrase.statement.capitalizedFirst + ".")],
            expected: .init(
                words: concept.answerWords,
                wrongWords: concepts.dropFirst().map { $0.name.lowercased() }
            )
        )
    }
}
