internal import Documents
internal import Evaluating

/// What every model of a report is measured on: the same for all of them.
struct ReportQuestions {
    /// The held-out concepts, each of which is to be drawn.
    let concepts: [Concept]
    /// Their definitions, with the concepts that are asked about.
    let definitions: [(concept: Concept, definition: Definition)]
    /// Prose that the text parent has read: the held-out concepts' sentences, and a sample.
    let prose: [Document]
    /// Captioned images that the image parent has seen: the held-out concepts', and a sample.
    let captioned: [Document]
    private let painter: ScenePainter

    init(_ data: DictionaryData, _ options: ReportOptions) {
        let heldOut = data.concepts.filter { $0.split == .heldOut }
        let concepts = heldOut.spread(to: options.limit ?? heldOut.count)
        self.concepts = concepts
        let definitions = concepts.compactMap { concept in
            concept.definition.map { (concept: concept, definition: $0) }
        }
        self.definitions = definitions
        painter = data.painter
        prose =
            definitions.map { Document([.text($0.definition.sentence)]) }
            + data.text.spread(to: options.sampleSize)
        captioned =
            concepts.map { concept in
                let scene = Scene(concept)
                return Document([.text(scene.phrase), .image(data.painter.image(of: scene))])
            } + data.captions.spread(to: options.sampleSize)
    }

    /// How many images a model of a kind draws.
    func drawingCount(of kind: ReportPlan.Kind) -> Int {
        switch kind {
        case .textParent: 0
        case .imageParent, .fused: concepts.count
        case .tuned: concepts.count + definitions.count
        }
    }

    /// How a model of a kind is asked to draw a concept.
    static func drawing(of concept: Concept, by kind: ReportPlan.Kind) -> Document {
        let phrase = Scene(concept).phrase
        return kind == .tuned
            ? Document([.text(ConversationWriter.draw(phrase)[0], role: .user)])
            : Document([.text(phrase)])
    }

    /// How a tuned model is asked for an explanation, which begins with an image.
    static func explanation(of concept: Concept) -> Document {
        Document([.text(ConversationWriter.define(concept.phrase)[0], role: .user)])
    }

    /// The definitions as a model meets them: answers to questions, or sentences of their own.
    ///
    /// Both give the same sentence, "A cat is a feline mammal.", of which " a feline mammal." counts:
    /// the same tokens after "A cat is", whatever stands before. Before an answer's stand the
    /// question and the image.
    func definitions(asked: Bool) -> [ConditionalText] {
        definitions.map { concept, definition in
            ConditionalText(
                after: asked ? illustrated(concept) : Document(),
                lead: definition.lead,
                String(definition.sentence.dropFirst(definition.lead.count))
            )
        }
    }

    /// The question for an explanation and the image with which the answer begins.
    private func illustrated(_ concept: Concept) -> Document {
        let image = painter.image(of: Scene(concept))
        return Document(
            Self.explanation(of: concept).segments + [.image(image, role: .assistant)]
        )
    }
}

extension Definition {
    /// What stands in the sentence before the definition: "A cat is".
    var lead: String { "\(phrase.indefinite.capitalizedFirst) \(phrase.verb)" }
}

extension RandomAccessCollection where Index == Int {
    /// At most `count` elements, evenly spread over all.
    func spread(to count: Int) -> [Element] {
        let count = Swift.min(count, self.count)
        return (0..<count).map { self[startIndex + $0 * self.count / count] }
    }
}
