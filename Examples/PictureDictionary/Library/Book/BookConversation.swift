package import Documents

/// A conversation with a real LLM in words and pictures, and what a right answer has.
package struct BookConversation: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// "What is a cat?": a sentence, then the picture.
        case explain
        /// "Draw a cat.": the picture at once.
        case draw
        /// A definition or keywords without the name: the picture, whose alternative text has the name.
        case riddle
        /// A picture and "What is this?": the name.
        case name
        /// A picture and "Describe this picture.": the caption.
        case describe
        /// A picture and "Is this a cat?"
        case yesOrNo = "yes-or-no"
        /// A picture and four names.
        case oneOfFour = "one-of-four"
        /// "Draw a cat and a dog.": several pictures.
        case several
        /// A second turn about the picture of the first answer.
        case followUp = "follow-up"
        /// A question about a thing after its image, which the LLM answers by itself.
        case askAfter = "ask-after"
        /// Talk without any image, after an image.
        case talkAfter = "talk-after"
        /// "Draw a cat.", after an answer about something else.
        case drawAfter = "draw-after"
        /// Without any picture; the LLM's own answer.
        case talk

        /// How often it is asked, out of 62.
        var share: Int {
            switch self {
            case .talk: 16
            case .askAfter: 8
            case .explain: 6
            case .name: 5
            case .draw, .several, .talkAfter: 4
            case .riddle, .followUp, .drawAfter: 3
            case .describe, .yesOrNo, .oneOfFour: 2
            }
        }

        /// The sum of all shares.
        static let allShares = allCases.reduce(0) { $0 + $1.share }

        /// Whether the LLM goes on in its own words after an image.
        var isWordsAfterImage: Bool { self == .askAfter || self == .talkAfter }

        /// Whether the last question is about a picture that the user shows.
        package var showsPicture: Bool {
            switch self {
            case .name, .describe, .yesOrNo, .oneOfFour: true
            case .explain, .draw, .riddle, .several, .followUp, .askAfter, .talkAfter, .drawAfter,
                .talk:
                false
            }
        }
    }

    /// What a right last answer has.
    package struct Expected: Sendable, Equatable {
        /// The names of the things on its pictures, in order.
        package var pictures: [String] = []
        /// The background of its pictures; `nil` if any is right.
        package var background: Background?
        /// Whether its pictures have to be small.
        package var isSmall = false
        /// Words of which the text or an alternative text has at least one, such as "cat"; empty if
        /// any text is right.
        package var words: [String] = []
        /// Words of which the text has none, such as the other three names.
        package var wrongWords: [String] = []
        /// Yes or no, which begins the text.
        package var isYes: Bool?
    }

    package let kind: Kind
    /// The things that it is about, the right one first.
    package let concepts: [Concept]
    /// All but the last answer.
    package let question: [Segment]
    /// The last answer.
    package internal(set) var answer: [Segment]
    package let expected: Expected

    package var document: Document { Document(question + answer) }

    /// Whether the user shows an image, in the last question or before.
    var showsImage: Bool { !Document(question.filter { $0.role == .user }).images.isEmpty }

    /// What a text LLM is asked in its place: alternative texts stand for what was drawn, each on a
    /// line as in the tokens of an image, and what the user shows is left out.
    package var questionInWords: Document {
        Document(
            question.compactMap { segment in
                guard case .image = segment.content else { return segment }
                return segment.altText.map { .text($0 + "\n", role: segment.role) }
            }
        )
    }

    /// Another conversation after this one, about its things first.
    func followed(by next: BookConversation, as kind: Kind) -> BookConversation {
        BookConversation(
            kind: kind,
            concepts: next.concepts + concepts,
            question: question + answer + next.question,
            answer: next.answer,
            expected: next.expected
        )
    }
}
