/// Builds the concepts from the three sources.
struct ConceptCatalog {
    /// In the order of their characters.
    private(set) var concepts: [Concept]
    /// The concepts' drawings as the sources store them, in the same order.
    private(set) var glyphs: [[Glyph]]

    /// A small model cannot memorize definitions longer than this many characters.
    static let longestDefinition = 170
    /// Fewer named images mean that the sources do not match.
    static let fewestConcepts = 1000

    init(sources: DictionarySources, wordNet: WordNet) throws(DictionaryError) {
        let groups = try CharacterGroups(sources)
        let font = try EmojiFont(sources.emojiFontFile)
        let grammar = Grammar(wordNet: wordNet)
        let matcher = SenseMatcher(wordNet: wordNet)
        var concepts: [Concept] = []
        var glyphs: [[Glyph]] = []
        var names: Set<String> = []
        for name in try sources.readNames().sorted(by: { $0.character < $1.character }) {
            let group = groups[name.character]
            guard Self.isSpeakable(name.name), group != "skin-tone", group != "keycap",
                let glyph = font.glyph(of: name.character), glyph.isVisibleOnWhite,
                names.insert(name.name).inserted
            else { continue }
            concepts.append(
                Concept(
                    phrase: grammar.phrase(name.name),
                    keywords: name.keywords.filter(Self.isSpeakable),
                    definition: matcher.match(name, group: group).flatMap {
                        Definition($0, of: name.name, grammar: grammar, wordNet: wordNet)
                    },
                    drawings: [Drawing(.emoji)]
                )
            )
            glyphs.append([glyph])
        }
        guard concepts.count >= Self.fewestConcepts else {
            throw .tooFewConcepts(found: concepts.count, expected: Self.fewestConcepts)
        }
        self.concepts = concepts
        self.glyphs = glyphs
    }

    /// Adds drawings of concepts that are known, and new concepts in the order of `others`.
    ///
    /// A drawing that hardly stands out from white is left out.
    mutating func add(_ others: [NamedDrawing], wordNet: WordNet) {
        let grammar = Grammar(wordNet: wordNet)
        let matcher = SenseMatcher(wordNet: wordNet)
        var places = Dictionary(
            uniqueKeysWithValues: concepts.indices.map { (concepts[$0].name, $0) }
        )
        for other in others where other.glyph.isVisibleOnWhite {
            if let place = places[other.name] {
                concepts[place].add(other.drawing)
                glyphs[place].append(other.glyph)
                continue
            }
            places[other.name] = concepts.count
            concepts.append(
                Concept(
                    phrase: grammar.phrase(other.name),
                    keywords: [],
                    definition: matcher.match(drawn: other.name).flatMap {
                        Definition($0, of: other.name, grammar: grammar, wordNet: wordNet)
                    },
                    drawings: [other.drawing]
                )
            )
            glyphs.append([other.glyph])
        }
    }

    /// Leaves out what nobody would ask for by its name: "locked with key", "VS button".
    ///
    /// What stays is a concept whose whole name, or its singular, is a noun of WordNet's.
    mutating func keepNouns(of wordNet: WordNet) {
        let isNoun = concepts.map { concept in
            let word = concept.definition?.phrase.noun
            return word == concept.name || word != nil && word == wordNet.singular(of: concept.name)
        }
        concepts = zip(concepts, isNoun).compactMap { $1 ? $0 : nil }
        glyphs = zip(glyphs, isNoun).compactMap { $1 ? $0 : nil }
    }

    /// Whether a name consists of words only, without quotation marks, parentheses or symbols.
    private static func isSpeakable(_ name: String) -> Bool {
        name.allSatisfy { $0.isLetter || $0.isNumber || " -’'.".contains($0) }
    }
}

extension Definition {
    /// Returns `nil` if the gloss is too long.
    fileprivate init?(
        _ match: SenseMatcher.Match,
        of name: String,
        grammar: Grammar,
        wordNet: WordNet
    ) {
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
            kind: wordNet.hypernyms(of: match.synset).first?.words.first,
            field: NounField(rawValue: match.synset.field)
        )
    }
}
