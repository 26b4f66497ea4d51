internal import Basics
internal import Documents

/// Writes conversations about things in one split of the wordings and of the drawings.
struct BookWriter: Sendable {
    /// Which drawings are shown.
    enum Drawings: Sendable {
        case trained
        case heldOut
    }

    let painter: ScenePainter
    let vocabulary: BookVocabulary
    /// Whether questions are in the held-out wordings.
    let usesHeldOutWordings: Bool
    let drawings: Drawings
    /// Whether the user's pictures are large and on white.
    let isPlain: Bool
    /// What the LLM itself says, by the text of the question.
    var llmAnswers: [String: String]

    /// Whether there are conversations of a kind; not if the LLM has to answer and no answer of it is
    /// known.
    func canWrite(_ kind: BookConversation.Kind) -> Bool {
        func isAnswered(_ wordings: Wordings) -> Bool {
            wordings.trained.contains { llmAnswers[$0.template] != nil }
        }
        switch kind {
        case .talk: return isAnswered(BookWordings.talk)
        case .talkAfter: return isAnswered(BookWordings.talkAfter)
        case .askAfter:
            return vocabulary.askable.contains { concept in
                [true, false].contains { question(after: concept, isShown: $0) != nil }
            }
        case .explain, .draw, .riddle, .name, .describe, .yesOrNo, .oneOfFour, .several, .followUp,
            .drawAfter:
            return true
        }
    }

    /// A conversation; `nil` if the LLM's answer to it is not known.
    func conversation(
        _ kind: BookConversation.Kind,
        about concept: Concept,
        using random: inout SeededGenerator
    ) -> BookConversation? {
        switch kind {
        case .explain: explanation(of: concept, &random)
        case .draw: drawing(of: concept, &random)
        case .riddle: riddle(about: concept, &random)
        case .name: naming(of: concept, &random)
        case .describe: description(of: concept, &random)
        case .yesOrNo: yesOrNo(about: concept, &random)
        case .oneOfFour: choice(of: concept, &random)
        case .several: several(with: concept, &random)
        case .followUp: followUp(about: concept, &random)
        case .askAfter:
            question(after: concept, isShown: Int.random(in: 0..<3, using: &random) == 0)
        case .talkAfter: talk(after: concept, &random)
        case .drawAfter: drawingAfterAnother(of: concept, &random)
        case .talk: talk(&random)
        }
    }

    // MARK: - Parts

    func pick(_ wordings: Wordings, _ random: inout SeededGenerator) -> Wording {
        let list = usesHeldOutWordings ? wordings.heldOut : wordings.trained
        return list.randomElement(using: &random) ?? ""
    }

    func asked(_ text: String) -> Segment { .text(text, role: .user) }
    func said(_ text: String) -> Segment { .text(text, role: .assistant) }

    /// One of the drawings of the split.
    func pickDrawing(of concept: Concept, _ random: inout SeededGenerator) -> Int {
        switch drawings {
        case .trained: concept.trainedDrawings.randomElement(using: &random) ?? 0
        case .heldOut: concept.heldOutDrawing ?? 0
        }
    }

    func plainScene(of concept: Concept, _ random: inout SeededGenerator) -> Scene {
        Scene(concept, drawing: pickDrawing(of: concept, &random))
    }

    /// What the assistant draws: it says what it is going to draw first.
    func drawn(_ scene: Scene) -> Segment {
        .image(painter.image(of: scene), altText: scene.altText, role: .assistant)
    }

    /// What the user shows, and the question, in either order.
    func shown(
        _ scene: Scene,
        with question: String,
        _ random: inout SeededGenerator
    ) -> [Segment] {
        let image = Segment.image(painter.image(of: scene), role: .user)
        return Bool.random(using: &random) ? [asked(question), image] : [image, asked(question)]
    }

    /// The scene that the user shows.
    func shownScene(of concept: Concept, _ random: inout SeededGenerator) -> Scene {
        let drawing = pickDrawing(of: concept, &random)
        return isPlain
            ? Scene(concept, drawing: drawing)
            : painter.randomScene(of: concept, drawing: drawing, using: &random)
    }

    /// Another thing whose name has no word in common.
    func other(
        than concepts: [Concept],
        _ random: inout SeededGenerator
    ) -> Concept {
        while true {
            let other = vocabulary.usable[
                Int.random(in: 0..<vocabulary.usable.count, using: &random)
            ]
            if !concepts.contains(where: { $0.shares(aWordWith: other) }) { return other }
        }
    }
}

extension BookWriter {
    /// Writes what a fused model is tuned on: conversations about things that are not held out, with
    /// drawings that are not, in trained wordings.
    ///
    /// Where the LLM's answer is not known, WordNet explains.
    init(tuning concepts: [Concept], painter: ScenePainter, llmAnswers: [String: String]) {
        self.init(
            painter: painter,
            vocabulary: BookVocabulary(concepts.filter { $0.split == .tuning }),
            usesHeldOutWordings: false,
            drawings: .trained,
            isPlain: false,
            llmAnswers: llmAnswers
        )
    }
}

extension Scene {
    /// "A picture of a red fox": words after which an LLM says what it was asked for.
    var altText: String { "A picture of " + phrase }
}
