/// A way to ask something: a template with names in braces for what is asked about.
///
/// `{a}` is a phrase with its article, such as "a small cat" or "a cat and a dog", and `{bare}` the
/// same without; `{is}` and `{it}` are the verb and the pronoun that go with it, and `{they}` is that
/// pronoun as a subject; `{b}` is the second thing of a comparison.
package struct Wording: Sendable, Hashable, ExpressibleByStringLiteral {
    /// What is asked about, in words.
    struct Subject {
        let phrase: String
        let bare: String
        let verb: String
        let pronoun: String
    }

    package let template: String

    package init(stringLiteral template: String) { self.template = template }

    /// The question with other values for the names in braces.
    func filled(_ values: [String: String]) -> String {
        var text = template
        for (name, value) in values { text.replace(name, with: value) }
        return text.capitalizedFirst
    }

    /// The question about a subject, and about a second one in a comparison; `nil` for an image.
    func text(_ subject: Subject?, and second: Subject? = nil) -> String {
        var text = template
        for (name, value) in [
            ("{a}", subject?.phrase), ("{bare}", subject?.bare), ("{is}", subject?.verb),
            ("{it}", subject?.pronoun), ("{b}", second?.phrase),
        ] {
            guard let value else { continue }
            text.replace(name, with: value)
        }
        return text.capitalizedFirst
    }
}

extension Wording.Subject {
    init(_ thing: NounPhrase) {
        self.init(
            phrase: thing.indefinite,
            bare: thing.noun,
            verb: thing.verb,
            pronoun: thing.pronoun
        )
    }

    /// The scenes to draw: "a cat", "a cat and a dog", "a cat, a dog and a cow".
    init(_ scenes: [Scene]) {
        let isOne = scenes.count == 1 && scenes[0].concept.phrase.form != .plural
        self.init(
            phrase: Self.list(scenes.map(\.phrase)),
            bare: Self.list(scenes.map { $0.phrase.withoutArticle }),
            verb: isOne ? "is" : "are",
            pronoun: isOne ? "it" : "them"
        )
    }

    private static func list(_ things: [String]) -> String {
        guard let last = things.last, things.count > 1 else { return things.first ?? "" }
        return things.dropLast().joined(separator: ", ") + " and " + last
    }
}

extension String {
    /// "small cat" of "a small cat".
    var withoutArticle: String {
        let article = ["a ", "an "].first(where: hasPrefix)
        return String(dropFirst(article?.count ?? 0))
    }
}
