import Documents

/// The ways in which a tuned model is asked for images.
extension ReportQuestions {
    /// The prompt by which a model of a kind draws a concept: "Draw a cat.", or a caption.
    static func drawing(of concept: Concept, by kind: ReportPlan.Kind) -> Document {
        let scene = Scene(concept)
        return kind == .tuned
            ? asked(Wordings.draw.trained[0].text(.init([scene])))
            : Document([.text(scene.phrase)])
    }

    /// The question that a tuned model answers with an image and an explanation.
    static func explanation(of concept: Concept) -> Document {
        asked(Wordings.define.trained[0].text(.init(concept.phrase)))
    }

    /// The concepts to be drawn, asked for in held-out wordings, which alternate.
    var drawingsInHeldOutWordings: [Document] {
        let wordings = Wordings.draw.heldOut
        return concepts.enumerated().map { index, concept in
            Self.asked(wordings[index % wordings.count].text(.init([Scene(concept)])))
        }
    }

    /// The concepts with definitions, asked about in held-out wordings, which alternate.
    var explanationsInHeldOutWordings: [Document] {
        let wordings = Wordings.define.heldOut
        return definitions.enumerated().map { index, item in
            Self.asked(wordings[index % wordings.count].text(.init(item.concept.phrase)))
        }
    }

    /// The concepts to be drawn, asked for after a question about another thing and its right answer.
    ///
    /// The other thing is one of those that conversations train on.
    var secondTurns: [Document] {
        zip(concepts, openers).map { concept, opener in
            let image = Segment.image(painter.image(of: Scene(opener.concept)), role: .assistant)
            let sentence = Segment.text(opener.definition.sentence, role: .assistant)
            return Document(
                Self.explanation(of: opener.concept).segments + [image, sentence]
                    + Self.drawing(of: concept, by: .tuned).segments
            )
        }
    }

    private static func asked(_ question: String) -> Document {
        Document([.text(question, role: .user)])
    }
}
