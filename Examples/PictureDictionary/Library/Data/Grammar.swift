/// Decides how nouns take articles.
struct Grammar: Sendable {
    let wordNet: WordNet

    /// The form of a name follows from the tables, then from its head noun.
    func phrase(_ name: String) -> NounPhrase {
        if let proper = Self.properNames[name] { return NounPhrase(proper, .proper) }
        let head = Self.head(of: name)
        if Self.massNouns.contains(head) || Self.massNouns.contains(name) {
            return NounPhrase(name, .mass)
        }
        return NounPhrase(name, isPlural(head) ? .plural : .count)
    }

    /// Adds the missing article of a gloss: "feline mammal with…" → "a feline mammal with…".
    func completed(_ gloss: String) -> String {
        let words = gloss.split(separator: " ").map { $0.lowercased() }
        guard let first = words.first else { return gloss }
        // A removed parenthesis may have separated an article from its noun.
        if first == "a" || first == "an", let space = gloss.firstIndex(of: " ") {
            return Article.indefinite(before: String(gloss[gloss.index(after: space)...]))
        }
        if Self.determiners.contains(first) { return gloss }
        // "carnivorous or omnivorous mammals": the noun may also follow the conjunction.
        let heads = [
            Self.head(of: gloss.lowercased()),
            Self.head(of: words.filter { $0 != "or" && $0 != "and" }.joined(separator: " ")),
        ]
        if Self.massNouns.contains(heads[0]) || heads.contains(where: { isPlural($0) }) {
            return gloss
        }
        if Self.superlatives.contains(first) { return "the " + gloss }
        return Article.indefinite(before: gloss)
    }

    /// Whether a gloss is plural: "narrow wood or metal runners used in pairs".
    func isPlural(gloss: String) -> Bool {
        let first = gloss.prefix { $0 != " " }.lowercased()
        return !Self.determiners.contains(first) && isPlural(Self.head(of: gloss.lowercased()))
    }

    /// A plural ends as one, and WordNet has its singular.
    private func isPlural(_ word: String) -> Bool {
        if Self.pluralNouns.contains(word) { return true }
        if Self.singularsInS.contains(word) { return false }
        guard word.hasSuffix("s"), !["ss", "us", "is"].contains(where: word.hasSuffix) else {
            return false
        }
        return wordNet.singular(of: word) != nil
    }

    /// The last word before the first one that cannot be part of a noun phrase.
    static func head(of phrase: String) -> String {
        var head = ""
        for word in phrase.split(whereSeparator: { $0 == " " }) {
            let bare = word.prefix { $0 != "," && $0 != ":" }
            let isEnd =
                !head.isEmpty
                && (stopWords.contains(String(bare))
                    || (bare.count > 5 && bare.hasSuffix("ly") && !bare.hasSuffix("fly")))
            if isEnd { break }
            head = String(bare)
            if bare.count < word.count { break }
        }
        return head
    }
}
