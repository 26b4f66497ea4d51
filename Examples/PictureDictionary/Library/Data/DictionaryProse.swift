import Basics

/// The phrasings of dictionary entries.
///
/// They are statements only: questions and answers belong to the conversations. Every other entry
/// has a heading, so that a model learns to repeat a word that it has read, as in answering
/// "What is a cat?" with "A cat is …".
enum DictionaryProse {
    /// Explains a concept.
    static func entry(
        _ definition: Definition,
        using random: inout SeededGenerator
    ) -> String {
        let noun = definition.phrase.noun
        var text: String
        switch Int.random(in: 0..<8, using: &random) {
        case 0: text = "\(noun): \(definition.text)"
        case 1: text = "\(noun) (noun): \(definition.text)."
        case 2: text = "The word “\(noun)” means \(definition.text)."
        case 3: text = "By \(definition.phrase.indefinite) is meant \(definition.text)."
        default: text = definition.sentence
        }
        if let kind = definition.kind, Int.random(in: 0..<4, using: &random) == 0 {
            text += (text.hasSuffix(".") ? " " : ". ") + "It is a kind of \(kind)."
        }
        if let synonym = definition.synonyms.first, Int.random(in: 0..<4, using: &random) == 0 {
            text += (text.hasSuffix(".") ? " " : ". ") + "Another word for it is “\(synonym)”."
        }
        return heading(noun, using: &random) + text
    }

    /// Explains a word of any part of speech, sometimes with an example.
    static func entry(
        _ synset: Synset,
        using random: inout SeededGenerator
    ) -> String {
        let word = synset.words.randomElement(using: &random) ?? ""
        let gloss = synset.gloss.core ?? ""
        var text: String
        switch (synset.partOfSpeech, Int.random(in: 0..<4, using: &random)) {
        case (_, 0): text = "\(word) (\(synset.partOfSpeech.name)): \(gloss)."
        case (.noun, 1) where takesArticle(gloss):
            text = "\(Article.indefinite(before: word).capitalizedFirst) is \(gloss)."
        case (.verb, 1), (.verb, 2): text = "To \(word) is to \(gloss)."
        case (.adj, 1): text = "Something \(word) is \(gloss)."
        case (.adv, 1): text = "To do something \(word) is to do it \(gloss)."
        case (_, 2): text = "The word “\(word)” means \(gloss)."
        default: text = "\(word): \(gloss)."
        }
        if let example = synset.gloss.examples.randomElement(using: &random) {
            let isSentence = example.contains(" ") && example.last != "."
            text += " Example: \(example)\(isSentence ? "." : "")"
        }
        return heading(word, using: &random) + text
    }

    /// Precedes every other entry.
    private static func heading(_ word: String, using random: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: "\(word). "
        case 1: "Entry: \(word). "
        case 2: "On the word “\(word)”. "
        case 3: "About \(word): "
        default: ""
        }
    }

    /// Whether a gloss shows that the word is countable.
    private static func takesArticle(_ gloss: String) -> Bool {
        ["a ", "an ", "any ", "one ", "someone "].contains(where: gloss.hasPrefix)
    }
}
