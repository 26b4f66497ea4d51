/// The picture dictionary: its concepts, the training data, and the questions.
package struct DictionaryData: Sendable {
    /// All concepts, in the order of their characters.
    package let concepts: [Concept]
    /// What the text parent trains on.
    package let text: Corpus
    /// What the image parent trains on first: images with captions that stand alone.
    package let captions: Corpus
    /// What the image parent trains on then: images with captions in sentences, too.
    package let sentences: Corpus
    /// What tuning replays beside the parents' own data: prose after images.
    package let interleaved: Corpus
    /// What the fused model is tuned on.
    package let conversations: Corpus
    /// Questions about held-out concepts, with reference answers.
    package let questions: [Conversation]
    package let painter: ScenePainter
    /// Recognizes the concept in an image.
    package let index: ConceptIndex

    /// Reads the sources and plans the corpora.
    ///
    /// `conversationCount` is also the number of interleaved documents. Without `captionsHeldOut`
    /// an image parent never sees a held-out concept.
    package init(
        sources: DictionarySources = DictionarySources(),
        seed: UInt64 = 0,
        imagesPerConcept: Int = 40,
        conversationCount: Int = 20_000,
        captionsHeldOut: Bool = true
    ) throws(DictionaryError) {
        precondition(imagesPerConcept > 0 && conversationCount > 0, "an empty corpus")
        let wordNet = try WordNet(sources)
        let catalog = try ConceptCatalog(sources: sources, wordNet: wordNet)
        let concepts = catalog.concepts
        let painter = ScenePainter(catalog)
        func captions(_ style: Corpus.CaptionStyle) -> Corpus {
            .captions(
                of: concepts.filter { captionsHeldOut || $0.split == .tuning },
                style,
                rounds: imagesPerConcept,
                painter: painter,
                seed: seed
            )
        }
        self.concepts = concepts
        self.painter = painter
        text = .text(wordNet, concepts, seed: seed)
        self.captions = captions(.alone)
        sentences = captions(.inSentences)
        interleaved = .interleaved(
            text,
            concepts,
            count: conversationCount,
            painter: painter,
            seed: seed
        )
        conversations = .conversations(
            about: concepts,
            count: conversationCount,
            painter: painter,
            seed: seed
        )
        questions = ConversationWriter(painter: painter)
            .heldOutQuestions(about: concepts, seed: seed)
        index = ConceptIndex(concepts, painter: painter)
    }
}
