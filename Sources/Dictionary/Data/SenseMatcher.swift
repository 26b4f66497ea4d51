/// Chooses which meaning of a noun an image shows; rather none than a wrong one.
///
/// 1. Look the name up; if WordNet does not have it, its singular.
/// 2. Keep the meanings in the fields that the image's group allows: an animal's image shows
///    no verb's deed and no person.
/// 3. Take the one that shares most words with the CLDR's keywords, in its gloss, its synonyms
///    and its hypernyms; the commoner one of equals.
/// 4. What these rules get wrong is in a table that was made by eye.
struct SenseMatcher: Sendable {
    let wordNet: WordNet

    /// A chosen meaning, and the noun that has it.
    struct Match {
        let headword: String
        let synset: Synset
    }

    /// Returns the meaning that the image of `name` shows, or `nil`.
    func match(_ name: CharacterName, group: String?) -> Match? {
        switch Self.review(of: name.name) {
        case .some(.none): return nil
        case .sense(let number): return sense(number, of: name.name)
        case .word(let lemma, let number): return sense(number, of: lemma)
        case nil: return bestMatch(name, group: group)
        }
    }

    private func sense(_ number: Int, of lemma: String) -> Match? {
        let senses = wordNet.senses(ofNoun: lemma)
        guard senses.indices.contains(number - 1) else { return nil }
        return Match(headword: lemma, synset: senses[number - 1])
    }

    private func bestMatch(_ name: CharacterName, group: String?) -> Match? {
        let isKnown = !wordNet.senses(ofNoun: name.name).isEmpty
        guard let headword = isKnown ? name.name : singular(of: name.name) else { return nil }
        let senses = wordNet.senses(ofNoun: headword)
        let fields = Self.fields(of: group)
        let plausible = senses.filter { fields.contains($0.field) && !$0.isInstance }
        let scored = plausible.enumerated().map { rank, synset in
            (synset, score: Double(overlap(of: name, with: synset)) - 0.75 * Double(rank))
        }
        // `max` keeps the last of equals, which would be the rarest.
        guard let best = scored.reversed().max(by: { $0.score < $1.score }) else { return nil }
        return Match(headword: headword, synset: best.0)
    }

    private func singular(of name: String) -> String? {
        wordNet.singular(of: name).flatMap { wordNet.senses(ofNoun: $0).isEmpty ? nil : $0 }
    }

    /// How many keywords stand in what WordNet says about a meaning.
    private func overlap(of name: CharacterName, with synset: Synset) -> Int {
        let parents = wordNet.hypernyms(of: synset)
        let grandparents = parents.flatMap(wordNet.hypernyms)
        let texts =
            synset.gloss.definitions + synset.words
            + (parents + grandparents).flatMap(\.words) + parents.flatMap(\.gloss.definitions)
        let words = Set(texts.flatMap(Self.words))
        let own = Set(Self.words(name.name))
        return Set(name.keywords.flatMap(Self.words)).subtracting(own).intersection(words).count
    }

    /// The words of a text in lower case, without those that say nothing.
    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter }.map(String.init).filter {
            $0.count > 2 && !["the", "and", "with", "for", "that", "thing"].contains($0)
        }
    }
}
