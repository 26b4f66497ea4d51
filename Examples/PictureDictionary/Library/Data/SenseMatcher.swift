/// Chooses which meaning of a noun an image shows; none rather than a wrong one.
///
/// 1. Look the name up; if WordNet does not have it, its singular.
/// 2. Keep the meanings in the noun fields that the image's group allows.
/// 3. Take the meaning that shares the most words with the CLDR's keywords, in its gloss, its
///    synonyms and its hypernyms; each rank costs 0.75, since common meanings come first.
/// 4. A reviewed table overrides these rules.
struct SenseMatcher: Sendable {
    let wordNet: WordNet

    struct Match {
        /// The noun that has the meaning.
        let headword: String
        let synset: Synset
    }

    /// Returns the meaning that the image of `name` shows, or `nil`.
    func match(_ name: CharacterName, group: String?) -> Match? {
        switch Self.review(of: name.name) {
        case .some(.none): nil
        case .sense(let number): sense(number, of: name.name)
        case .word(let lemma, let number): sense(number, of: lemma)
        case nil: bestMatch(name.name, keywords: name.keywords, group: group)
        }
    }

    /// Returns the meaning of a name that only clip art has.
    func match(drawn name: String) -> Match? {
        switch Self.review(ofDrawn: name) {
        case .some(.none): nil
        case .sense(let number): sense(number, of: name)
        case .word(let lemma, let number): sense(number, of: lemma)
        case nil: bestMatch(name, keywords: [], group: nil)
        }
    }

    private func sense(_ number: Int, of lemma: String) -> Match? {
        let senses = wordNet.senses(ofNoun: lemma)
        guard senses.indices.contains(number - 1) else { return nil }
        return Match(headword: lemma, synset: senses[number - 1])
    }

    private func bestMatch(_ name: String, keywords: [String], group: String?) -> Match? {
        let isKnown = !wordNet.senses(ofNoun: name).isEmpty
        guard let headword = isKnown ? name : wordNet.singular(of: name) else {
            return nil
        }
        let fields = Self.fields(of: group)
        let plausible = wordNet.senses(ofNoun: headword).filter {
            !$0.isInstance && NounField(rawValue: $0.field).map(fields.contains) == true
        }
        let scored = plausible.enumerated().map { rank, synset in
            let overlap = overlap(of: name, keywords, with: synset)
            return (synset, score: Double(overlap) - 0.75 * Double(rank))
        }
        // `max` keeps the last of equals, which would be the rarest.
        guard let best = scored.reversed().max(by: { $0.score < $1.score }) else { return nil }
        return Match(headword: headword, synset: best.0)
    }

    /// How many keywords occur in what WordNet says about a meaning.
    private func overlap(of name: String, _ keywords: [String], with synset: Synset) -> Int {
        let parents = wordNet.hypernyms(of: synset)
        let grandparents = parents.flatMap(wordNet.hypernyms)
        let texts =
            synset.gloss.definitions + synset.words
            + (parents + grandparents).flatMap(\.words) + parents.flatMap(\.gloss.definitions)
        let words = Set(texts.flatMap(Self.words))
        let own = Set(Self.words(name))
        return Set(keywords.flatMap(Self.words)).subtracting(own).intersection(words).count
    }

    /// The words of a text in lower case, without stop words.
    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter }.map(String.init).filter {
            $0.count > 2 && !["the", "and", "with", "for", "that", "thing"].contains($0)
        }
    }
}
