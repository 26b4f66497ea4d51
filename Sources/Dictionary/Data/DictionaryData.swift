/// The picture dictionary: its concepts, what the models read, and what they are asked.
public struct DictionaryData: Sendable {
    /// All concepts, in the order of their characters.
    public let concepts: [Concept]
    /// What the text parent reads.
    public let text: TextCorpus
    /// What the image parent sees first: images whose captions stand alone.
    public let captions: CaptionCorpus
    /// What it sees then: images whose captions stand in sentences, too.
    public let sentences: CaptionCorpus
    /// What tuning replays beside the parents' own data: prose behind images.
    public let interleaved: InterleavedCorpus
    /// What the fused model is tuned on.
    public let conversations: ConversationCorpus
    /// What the fused model is asked: questions about concepts that it was never tuned on.
    public let evaluation: [EvaluationItem]
    /// Paints any scene of a concept.
    public let painter: ScenePainter
    /// Tells which concept an image shows.
    public let index: ConceptIndex
}
