import Documents

/// A question about concepts and its right answer.
struct Conversation {
    /// What the user says.
    let question: [Segment]
    /// What a perfect model answers.
    let answer: [Segment]
    /// The scenes that the answer shows, in order.
    let scenes: [Scene]
    /// The definitions that the answer gives, in order.
    let definitions: [Definition]

    /// Both as one document.
    var document: Document { Document(question + answer) }
}

/// What a question asks for.
package enum QuestionKind: String, Sendable, CaseIterable {
    /// "What is a cat?": the image, then the definition.
    case define
    /// "Draw a cat.": the image, large and on white.
    case draw
    /// "Draw a small cat on a blue background.": the image as it is described.
    case scene
    /// "What is this?" and an image: the name and the definition.
    case name
    /// "How do a cat and a dog differ?": two images, then two definitions.
    case compare
    /// "Show me a cat, a dog and a cow.": as many images.
    case several

    /// How often it is asked, out of sixteen.
    var share: Int {
        switch self {
        case .define: 5
        case .draw: 4
        case .scene: 2
        case .name: 2
        case .compare: 2
        case .several: 1
        }
    }

    /// Of how many concepts it speaks.
    var conceptCount: ClosedRange<Int> {
        switch self {
        case .define, .draw, .scene, .name: 1...1
        case .compare: 2...2
        case .several: 2...3
        }
    }

    /// Whether it can only be asked of concepts that are defined.
    var needsDefinition: Bool { self == .define || self == .compare }
}
