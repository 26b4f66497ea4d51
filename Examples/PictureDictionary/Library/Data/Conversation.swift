package import Documents

/// A question about concepts and its right answer.
package struct Conversation: Sendable {
    package enum Kind: CaseIterable {
        /// "What is a cat?": the image, then the definition.
        case define
        /// "Draw a cat.": the image, large and on white.
        case draw
        /// "Draw a small cat on a blue background.": the image as described.
        case scene
        /// "What is this?" with an image: the name and the definition.
        case name
        /// "How do a cat and a dog differ?": two images, then two definitions.
        case compare
        /// "Show me a cat, a dog and a cow.": that many images.
        case several

        /// How often it is asked, out of sixteen.
        var share: Int {
            switch self {
            case .define: 5
            case .draw: 4
            case .scene, .name, .compare: 2
            case .several: 1
            }
        }

        /// How many concepts it is about.
        var conceptCount: ClosedRange<Int> {
            switch self {
            case .define, .draw, .scene, .name: 1...1
            case .compare: 2...2
            case .several: 2...3
            }
        }

        var needsDefinition: Bool { self == .define || self == .compare }
    }

    package let kind: Kind
    /// The concepts that the question is about, in order.
    package let concepts: [Concept]
    package let question: [Segment]
    /// The reference answer.
    package let answer: [Segment]

    package var document: Document { Document(question + answer) }
}
