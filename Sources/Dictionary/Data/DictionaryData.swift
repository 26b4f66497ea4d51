/// The picture dictionary: its concepts, what the models read, and what they are asked.
package struct DictionaryData: Sendable {
    /// All concepts, in the order of their characters.
    package let concepts: [Concept]
    /// What the text parent reads.
    package let text: TextCorpus
    /// What the image parent sees first: images whose captions stand alone.
    package let captions: CaptionCorpus
    /// What it sees then: images whose captions stand in sentences, too.
    package let sentences: CaptionCorpus
    /// What tuning replays beside the parents' own data: prose behind images.
    package let interleaved: InterleavedCorpus
    /// What the fused model is tuned on.
    package let conversations: ConversationCorpus
    /// What the fused model is asked: questions about concepts that it was never tuned on.
    package let evaluation: [EvaluationItem]
    /// Paints any scene of a concept.
    package let painter: ScenePainter
    /// Tells which concept an image shows.
    package let index: ConceptIndex
}
