/// Which things conversations are about, and the words for them.
struct BookVocabulary: Sendable {
    /// Things of which a conversation makes sense: symbols and poses, which only the emoji have and
    /// WordNet does not define, are left out.
    let usable: [Concept]
    let defined: [Concept]
    /// Those that can be described without their name.
    let describable: [Concept]
    /// Those of which one can ask what they are made of or where to find them: neither persons nor
    /// what they do, such as bowling.
    let askable: [Concept]

    init(_ concepts: some Sequence<Concept>) {
        usable = concepts.filter { concept in
            concept.definition != nil || concept.drawings.contains { $0.source != .emoji }
        }
        defined = usable.filter { $0.definition != nil }
        describable = usable.filter { !$0.clues.isEmpty }
        askable = defined.filter { ![.person, .act].contains($0.definition?.field) }
    }
}

extension Concept {
    /// Descriptions without the name: the definition, and keywords.
    var clues: [String] {
        var clues: [String] = []
        if let definition, !definition.text.mentions(nameWords) {
            clues.append(
                definition.text.hasSuffix(".")
                    ? String(definition.text.dropLast()) : definition.text
            )
        }
        let others = keywords.filter { !$0.mentions(nameWords) }
        if others.count >= 3 {
            clues.append(
                "something to do with \(others.dropLast().suffix(3).joined(separator: ", "))"
                    + " and \(others[others.count - 1])"
            )
        }
        return clues
    }

    /// Words that name it in an answer: its name, the defined word and its synonyms.
    package var answerWords: [String] {
        let words =
            [name, definition?.phrase.noun].compactMap(\.self) + (definition?.synonyms ?? [])
        return words.map { $0.lowercased() }.reduce(into: []) { words, word in
            if !words.contains(word) { words.append(word) }
        }
    }

    /// Whether their names have a word in common, such as "dog" and "hot dog".
    func shares(aWordWith other: Concept) -> Bool {
        !nameWords.isDisjoint(with: other.nameWords)
    }

    private var nameWords: Set<String> {
        Set(
            answerWords.flatMap { $0.split { !$0.isLetter }.map(String.init) }.filter {
                $0.count > 2
            }
        )
    }
}

extension String {
    /// Whether one of the words is in the text, also as a plural.
    fileprivate func mentions(_ words: Set<String>) -> Bool {
        lowercased().split { !$0.isLetter }.map(String.init).contains { word in
            words.contains(word) || word.hasSuffix("s") && words.contains(String(word.dropLast()))
        }
    }
}

extension NounPhrase {
    /// "It is a cat", "They are grapes".
    var statement: String { "\(subjectPronoun) \(verb) \(indefinite)" }
}
