/// A noun with what English needs to use it in a sentence.
package struct NounPhrase: Sendable, Hashable {
    /// How a noun takes articles and verbs.
    package enum Form: Sendable, Hashable {
        /// "a cat is"
        case count
        /// "bread is"
        case mass
        /// "grapes are"
        case plural
        /// "the Statue of Liberty is", with the article as part of the noun.
        case proper
    }

    /// The bare noun, such as "red apple".
    package let noun: String
    /// How it takes articles and verbs.
    package let form: Form

    /// Makes a phrase of a noun.
    package init(_ noun: String, _ form: Form) {
        self.noun = noun
        self.form = form
    }

    /// "a red apple", "grapes", "the Statue of Liberty".
    package var indefinite: String { indefinite(adjective: nil) }

    /// "a small red apple", "small grapes", "a small Statue of Liberty".
    package func indefinite(adjective: String?) -> String {
        switch form {
        case .count:
            return Article.indefinite(
                before: [adjective, noun].compactMap { $0 }.joined(separator: " ")
            )
        case .mass, .plural:
            return [adjective, noun].compactMap { $0 }.joined(separator: " ")
        case .proper:
            guard let adjective else { return noun }
            let bare = noun.hasPrefix("the ") ? String(noun.dropFirst(4)) : noun
            return Article.indefinite(before: "\(adjective) \(bare)")
        }
    }

    /// "is" or "are".
    package var verb: String { form == .plural ? "are" : "is" }

    /// "it" or "them".
    package var pronoun: String { form == .plural ? "them" : "it" }
}

/// The choice between "a" and "an", which follows the sound and not the letter.
enum Article {
    /// Returns the text with its article: "an hour", "a unicorn", "an X-ray".
    static func indefinite(before text: String) -> String {
        (soundsLikeVowel(text) ? "an " : "a ") + text
    }

    private static func soundsLikeVowel(_ text: String) -> Bool {
        let word = text.prefix { $0 != " " && $0 != "-" }
        let lower = word.lowercased()
        // Letters that are spelled out: "an ATM", "an X-ray".
        if word.count == 1 || ["ATM", "SOS", "NG"].contains(word) {
            return lower.first.map { "aefhilmnorsx".contains($0) } ?? false
        }
        if ["hour", "honest", "honor", "honour", "heir"].contains(where: lower.hasPrefix) {
            return true
        }
        let consonants = ["uni", "use", "usu", "eu", "ewe", "ukulele", "uku", "one", "once", "ufo"]
        if consonants.contains(where: lower.hasPrefix) {
            return lower.hasPrefix("unin") || lower.hasPrefix("unim") || lower.hasPrefix("onei")
        }
        return lower.first.map { "aeiou".contains($0) } ?? false
    }
}

extension String {
    /// The text with its first letter as a capital.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
