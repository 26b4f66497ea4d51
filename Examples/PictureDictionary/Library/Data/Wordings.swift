/// The wordings of one kind of question.
package struct Wordings: Sendable {
    /// What conversations ask with; the first is that of documentation and reports.
    package let trained: [Wording]
    /// Never trained on; empty for the kinds that the report does not ask.
    package let heldOut: [Wording]
}

/// "What is a cat?": an image and the definition.
extension Wordings {
    package static let define = Wordings(
        trained: [
            "What {is} {a}?", "What {is} {a}? Show me {it}, too.", "Tell me what {a} {is}.",
            "Explain what {a} {is}.", "Can you explain to me what {a} {is}?",
        ],
        heldOut: [
            "Define {a}.", "Give me the definition of {a}.", "What's the meaning of {bare}?",
            "Describe {a}.", "Could you describe {a} to me, please?", "What in the world {is} {a}?",
            "I've never heard of {a}.", "Help me understand what {a} {is}.",
            "I wonder what {a} {is}.", "Teach me about {a}.", "How would you define {a}?",
            "{bare} definition", "I came across {a} in a book. What {is} {it}?",
            "Any idea what {a} might be?",
        ]
    )
}

/// "Draw a cat.": an image.
extension Wordings {
    package static let draw = Wordings(
        trained: [
            "Draw {a}.", "Show me {a}.", "Please draw {a}.", "Can you draw {a}?",
            "Make a picture of {a}.",
        ],
        heldOut: [
            "Paint {a}.", "Sketch {a} for me.", "Could you paint {a}, please?",
            "I want to see {a}.", "Let me see {a}.", "Give me an image of {a}.",
            "Create an image of {a}.", "Can you create {a} for me?", "How about a drawing of {a}?",
            "I'm looking for a photo of {a}.", "Could you illustrate {a}?", "Image of {bare}",
            "{bare} drawing please", "What would {a} look like?", "Depict {a}.",
        ]
    )
}

/// "What is this?" with an image: the name and the definition.
extension Wordings {
    package static let name = Wordings(
        trained: [
            "What is this?", "What does this picture show?", "What do you see here?",
            "Can you tell me what this is?",
        ],
        heldOut: []
    )
}

/// "How do a cat and a dog differ?": two images, and both definitions.
extension Wordings {
    package static let compare = Wordings(
        trained: [
            "How do {a} and {b} differ?", "What is the difference between {a} and {b}?",
            "Compare {a} with {b}.",
        ],
        heldOut: []
    )

    package static let all = [define, draw, name, compare]
}
