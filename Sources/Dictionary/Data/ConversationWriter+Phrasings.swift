/// The several ways to ask each question.
extension ConversationWriter {
    static func define(_ thing: NounPhrase) -> [String] {
        [
            "What \(thing.verb) \(thing.indefinite)?",
            "What \(thing.verb) \(thing.indefinite)? Show me \(thing.pronoun), too.",
            "Tell me what \(thing.indefinite) \(thing.verb).",
            "Explain what \(thing.indefinite) \(thing.verb).",
            "Can you explain to me what \(thing.indefinite) \(thing.verb)?",
        ]
    }

    static func draw(_ things: String) -> [String] {
        [
            "Draw \(things).", "Show me \(things).", "Please draw \(things).",
            "Can you draw \(things)?", "Make a picture of \(things).",
        ]
    }

    static let name = [
        "What is this?", "What does this picture show?", "What do you see here?",
        "Can you tell me what this is?",
    ]

    static func compare(_ first: NounPhrase, _ second: NounPhrase) -> [String] {
        let (first, second) = (first.indefinite, second.indefinite)
        return [
            "How do \(first) and \(second) differ?",
            "What is the difference between \(first) and \(second)?",
            "Compare \(first) with \(second).",
        ]
    }

    /// "a cat", "a cat and a dog", "a cat, a dog and a cow".
    static func list(_ things: [String]) -> String {
        guard let last = things.last, things.count > 1 else { return things.first ?? "" }
        return things.dropLast().joined(separator: ", ") + " and " + last
    }
}
