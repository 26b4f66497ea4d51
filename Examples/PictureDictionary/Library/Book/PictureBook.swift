internal import Documents

/// The data for a real LLM and an image parent: things with several drawings, captions, and
/// conversations in words and images.
package struct PictureBook: Sendable {
    /// All concepts: those with an emoji in the order of their characters, then the others.
    package let concepts: [Concept]
    package let painter: ScenePainter
    /// What the image parent trains on, in both orders; no held-out drawing.
    package let captions: Corpus
    /// WordNet's definitions of the concepts, as texts.
    package let definitions: Corpus

    /// Reads the sources and plans the corpora.
    ///
    /// - Throws: ``DictionaryError`` for what is wrong with a source.
    package init(
        sources: DictionarySources = DictionarySources(),
        drawings: DrawingSources = DrawingSources(),
        seed: UInt64 = 0,
        captionRounds: Int = 40
    ) throws(DictionaryError) {
        precondition(captionRounds > 0, "an empty corpus")
        let wordNet = try WordNet(sources)
        var catalog = try ConceptCatalog(sources: sources, wordNet: wordNet)
        catalog.add(try drawings.read(), wordNet: wordNet)
        let concepts = catalog.concepts
        let painter = ScenePainter(catalog)
        self.concepts = concepts
        self.painter = painter
        captions = .bookCaptions(
            of: concepts,
            rounds: captionRounds,
            painter: painter,
            seed: seed
        )
        let sentences = concepts.compactMap(\.definition?.sentence)
        definitions = Corpus(count: sentences.count) { Document([.text(sentences[$0])]) }
    }
}
