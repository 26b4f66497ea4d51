/// Makes the concepts of the dictionary out of its three sources.
struct ConceptCatalog {
    /// Concepts in the order of their characters.
    let concepts: [Concept]
    /// The images of the concepts as the font stores them, in the same order.
    let glyphs: [Glyph]

    /// A definition longer than this many characters is left out: no small model learns it.
    static let longestDefinition = 170
    /// With fewer named images than this, the sources do not belong together.
    static let fewestConcepts = 1000

    /// Joins images, names and meanings.
    init(sources: DictionarySources, wordNet: WordNet) throws(DictionaryError) {
        let groups = try CharacterGroups(sources)
        let font = try EmojiFont(sources.emojiFontFile)
        let grammar = Grammar(wordNet: wordNet)
        let matcher = SenseMatcher(wordNet: wordNet)
        var concepts: [Concept] = []
        var glyphs: [Glyph] = []
        var names: Set<String> = []
        let sorted = try sources.readNames().sorted { $0.character < $1.character }
        for name in sorted {
            let group = groups[name.character]
            guard Self.isSpeakable(name.name), group != "skin-tone", group != "keycap",
                let glyph = font.glyph(of: name.character), glyph.isVisibleOnWhite,
                names.insert(name.name).inserted
            else { continue }
            let match = matcher.match(name, group: group)
            concepts.append(
                Concept(
                    id: name.character,
                    phrase: grammar.phrase(name.name),
                    keywords: name.keywords.filter(Self.isSpeakable),
                    definition: match.flatMap {
                        Definition($0, of: name.name, grammar: grammar, wordNet: wordNet)
                    }
                )
            )
            glyphs.append(glyph)
        }
        guard concepts.count >= Self.fewestConcepts else {
            throw .tooFewConcepts(found: concepts.count, expected: Self.fewestConcepts)
        }
        self.concepts = concepts
        self.glyphs = glyphs
    }

    /// Whether a name is words: no quotation, remark or sign.
    private static func isSpeakable(_ name: String) -> Bool {
        name.allSatisfy { $0.isLetter || $0.isNumber || " -’'.".contains($0) }
    }
}

extension Definition {
    /// Makes a sentence's parts of a chosen meaning; `nil` if its gloss is too long to be learned.
    init?(_ match: SenseMatcher.Match, of name: String, grammar: Grammar, wordNet: WordNet) {
        guard let gloss = match.synset.gloss.core,
            gloss.count <= ConceptCatalog.longestDefinition
        else { return nil }
        // "Jeans are close-fitting trousers", but "A grape is any of various juicy fruits".
        let isPlural =
            wordNet.singular(of: name) == match.headword && grammar.isPlural(gloss: gloss)
        self.init(
            phrase: grammar.phrase(isPlural ? name : match.headword),
            text: grammar.completed(gloss),
            synonyms: match.synset.words.filter { $0 != match.headword && $0 != name },
            kind: wordNet.hypernyms(of: match.synset).first?.words.first
        )
    }
}
