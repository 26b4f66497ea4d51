/// The lexical database WordNet.
struct WordNet: Sendable {
    /// All meanings in the order of the files: nouns, verbs, adjectives, adverbs.
    let synsets: [Synset]
    private let nounAt: [Int: Int]
    private let sensesOfNoun: [String: [Int]]

    init(_ sources: DictionarySources) throws(DictionaryError) {
        var synsets: [Synset] = []
        var nounAt: [Int: Int] = [:]
        for partOfSpeech in PartOfSpeech.allCases {
            let file = sources.wordNetFile("data." + partOfSpeech.rawValue)
            try file.forEachRecord { record throws(RecordError) in
                let offset = try record.integer("the offset of a meaning")
                if partOfSpeech == .noun { nounAt[offset] = synsets.count }
                synsets.append(try Synset(partOfSpeech, &record))
            }
        }
        var sensesOfNoun: [String: [Int]] = [:]
        try sources.wordNetFile("index.noun").forEachRecord { record throws(RecordError) in
            let lemma = try record.field("a lemma").replacing("_", with: " ")
            _ = try record.field("a part of speech")
            let senseCount = try record.integer("the number of senses")
            let pointerCount = try record.integer("the number of pointer kinds")
            for _ in 0..<pointerCount { _ = try record.field("a pointer kind") }
            _ = try record.field("the number of senses")
            _ = try record.field("the number of tagged senses")
            var senses: [Int] = []
            for _ in 0..<senseCount {
                guard let at = nounAt[try record.integer("an offset")] else {
                    throw RecordError(found: "a sense that data.noun does not have")
                }
                senses.append(at)
            }
            sensesOfNoun[lemma] = senses
        }
        self.synsets = synsets
        self.nounAt = nounAt
        self.sensesOfNoun = sensesOfNoun
    }

    /// The meanings of a noun, the most common first.
    func senses(ofNoun lemma: String) -> [Synset] {
        (sensesOfNoun[lemma.lowercased()] ?? []).map { synsets[$0] }
    }

    /// The next more general meanings of a noun's meaning.
    func hypernyms(of synset: Synset) -> [Synset] {
        synset.hypernyms.compactMap { nounAt[$0] }.map { synsets[$0] }
    }

    /// The singular of a plural, such as "grape" for "grapes"; `nil` if WordNet has none.
    func singular(of word: String) -> String? {
        let endings = [
            ("ies", "y"), ("ves", "f"), ("ves", "fe"), ("ches", "ch"), ("shes", "sh"),
            ("xes", "x"), ("sses", "ss"), ("oes", "o"), ("s", ""), ("men", "man"),
        ]
        for (plural, singular) in endings where word.hasSuffix(plural) && !word.hasSuffix("ss") {
            let candidate = String(word.dropLast(plural.count)) + singular
            if sensesOfNoun[candidate.lowercased()] != nil { return candidate }
        }
        return nil
    }
}

extension Synset {
    /// Reads the rest of a record of a data file, after its offset, per `wndb(5WN)`.
    fileprivate init(
        _ partOfSpeech: PartOfSpeech,
        _ record: inout WordNetRecord
    ) throws(RecordError) {
        self.partOfSpeech = partOfSpeech
        field = try record.integer("a lexicographer file")
        _ = try record.field("a kind of meaning")
        var words: [String] = []
        for _ in 0..<(try record.integer("the number of words", radix: 16)) {
            // Adjectives may have a syntactic marker: "galore(ip)".
            let word = try record.field("a word").prefix { $0 != "(" }
            words.append(String(word).replacing("_", with: " "))
            _ = try record.field("the number of a word")
        }
        self.words = words
        var hypernyms: [Int] = []
        var isInstance = false
        for _ in 0..<(try record.integer("the number of pointers")) {
            let kind = try record.field("a pointer")
            let target = try record.integer("the offset of a pointer")
            _ = try record.field("a part of speech")
            _ = try record.field("the source and target of a pointer")
            if kind == "@" || kind == "@i" { hypernyms.append(target) }
            if kind == "@i" { isInstance = true }
        }
        self.hypernyms = hypernyms
        self.isInstance = isInstance
        gloss = Gloss(try record.gloss())
    }
}
