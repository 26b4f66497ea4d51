/// A noun and how it takes articles and verbs.
package struct NounPhrase: Sendable, Hashable {
    package enum Form: Sendable {
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
    let noun: String
    let form: Form

    package init(_ noun: String, _ form: Form) {
        self.noun = noun
        self.form = form
    }

    /// "a red apple", "grapes", "the Statue of Liberty".
    package var indefinite: String { indefinite(adjective: nil) }

    /// "a small red apple", "small grapes", "a small Statue of Liberty".
    package func indefinite(adjective: String?) -> String {
        guard let adjective else {
            return form == .count ? Article.indefinite(before: noun) : noun
        }
        switch form {
        case .count: return Article.indefinite(before: "\(adjective) \(noun)")
        case .mass, .plural: return "\(adjective) \(noun)"
        case .proper:
            let bare = noun.hasPrefix("the ") ? noun.dropFirst(4) : noun[...]
            return Article.indefinite(before: "\(adjective) \(bare)")
        }
    }

    package var verb: String { form == .plural ? "are" : "is" }
    /// "it" or "them", as an object.
    var pronoun: String { form == .plural ? "them" : "it" }
    /// "it" or "they", as a subject.
    var subjectPronoun: String { form == .plural ? "they" : "it" }
}

/// Chooses between "a" and "an", by sound and not by spelling.
enum Article {
    /// "an hour", "a unicorn", "an X-ray".
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
        // As in American English.
        if lower == "herb" { return true }
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
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
