/// Makes the picture dictionary out of its sources.
package struct DictionaryBuilder: Sendable {
    /// Where the font, the names and the meanings are.
    package var sources: DictionarySources
    /// What every random choice follows from.
    package var seed: UInt64
    /// How many captioned images there are of each concept.
    package var imagesPerConcept: Int
    /// How many conversations there are, and documents of prose behind an image.
    package var conversationCount: Int
    /// Whether held-out concepts have captioned images; without, an image parent never sees them.
    package var captionsHeldOut: Bool

    /// Sets up the making of a dictionary.
    package init(
        sources: DictionarySources = DictionarySources(),
        seed: UInt64 = 0,
        imagesPerConcept: Int = 40,
        conversationCount: Int = 20_000,
        captionsHeldOut: Bool = true
    ) {
        precondition(imagesPerConcept > 0 && conversationCount > 0, "an empty corpus")
        self.sources = sources
        self.seed = seed
        self.imagesPerConcept = imagesPerConcept
        self.conversationCount = conversationCount
        self.captionsHeldOut = captionsHeldOut
    }

    /// Reads the sources and plans the corpora; their documents are made when they are asked for.
    package func build() throws(DictionaryError) -> DictionaryData {
        let wordNet = try WordNet(sources)
        let catalog = try ConceptCatalog(sources: sources, wordNet: wordNet)
        let concepts = catalog.concepts
        let painter = ScenePainter(catalog)
        func captions(_ style: CaptionCorpus.Style) -> CaptionCorpus {
            CaptionCorpus(
                concepts: concepts.filter { captionsHeldOut || $0.split == .tuning },
                painter: painter,
                style,
                rounds: imagesPerConcept,
                seed: seed
            )
        }
        let text = TextCorpus(concepts: concepts, wordNet: wordNet, seed: seed)
        return DictionaryData(
            concepts: concepts,
            text: text,
            captions: captions(.alone),
            sentences: captions(.inSentences),
            interleaved: InterleavedCorpus(
                text: text,
                concepts: concepts,
                painter: painter,
                count: conversationCount,
                seed: seed
            ),
            conversations: ConversationCorpus(
                concepts: concepts,
                painter: painter,
                count: conversationCount,
                seed: seed
            ),
            evaluation: EvaluationItem.heldOut(of: concepts, painter: painter, seed: seed),
            painter: painter,
            index: ConceptIndex(concepts, painter: painter)
        )
    }
}
