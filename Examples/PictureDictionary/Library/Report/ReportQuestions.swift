import Documents
import Evaluating

/// What every model of a report is measured on.
struct ReportQuestions {
    /// The held-out concepts to be drawn.
    let concepts: [Concept]
    /// Their reference images.
    let images: [Image]
    /// Those with definitions.
    let definitions: [(concept: Concept, definition: Definition)]
    /// The text parent's training data: the held-out concepts' sentences, and a sample.
    let prose: [Document]
    /// The image parent's training data: the held-out concepts with captions, and a sample.
    let captioned: [Document]
    /// For each concept to be drawn, what was asked about before.
    let openers: [(concept: Concept, definition: Definition)]
    let painter: ScenePainter

    init(_ data: DictionaryData, _ options: ReportOptions) {
        let heldOut = data.concepts.filter { $0.split == .heldOut }
        concepts = heldOut.spread(to: options.limit ?? heldOut.count)
        openers = data.concepts.filter { $0.split == .tuning }
            .compactMap { concept in concept.definition.map { (concept, $0) } }
            .spread(to: concepts.count)
        painter = data.painter
        images = concepts.map { data.painter.image(of: Scene($0)) }
        definitions = concepts.compactMap { concept in concept.definition.map { (concept, $0) } }
        prose =
            definitions.map { Document([.text($0.definition.sentence)]) }
            + data.text.spread(to: options.sampleSize)
        captioned =
            zip(concepts, images).map { Document([.text(Scene($0).phrase), .image($1)]) }
            + data.captions.spread(to: options.sampleSize)
    }

    /// How many images a model of a kind draws.
    func drawingCount(of kind: ReportPlan.Kind) -> Int {
        switch kind {
        case .textParent: 0
        case .imageParent, .fused: concepts.count
        case .tuned: concepts.count * 3 + definitions.count * 2
        }
    }

    /// The definitions as answers to questions, after the right image, or as plain sentences.
    ///
    /// The same tokens count in both: " a feline mammal." in "A cat is a feline mammal."
    func definitions(asked: Bool) -> [ConditionalText] {
        definitions.map { concept, definition in
            let image = Segment.image(painter.image(of: Scene(concept)), role: .assistant)
            let prompt = asked ? Self.explanation(of: concept).segments + [image] : []
            return ConditionalText(
                after: Document(prompt),
                lead: definition.lead,
                String(definition.sentence.dropFirst(definition.lead.count))
            )
        }
    }
}
