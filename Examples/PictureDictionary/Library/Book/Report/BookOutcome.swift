internal import Basics
package import Documents

/// An answer beside what was expected.
package struct BookOutcome {
    let question: PictureBook.Question
    /// What the model said.
    let text: String
    /// What it said it would draw.
    let altTexts: [String]
    /// The nearest thing of each picture that it drew; `nil` for an empty picture.
    let drawn: [String?]
    /// Whether the pictures are those of the expected things, in order, small and on the background
    /// that was asked for.
    let drewRight: Bool

    package init(_ question: PictureBook.Question, answer: Document, index: ConceptIndex) {
        self.question = question
        text = answer.text
        altTexts = answer.altTexts
        let pictures = answer.images
        drawn = pictures.map(index.nearest)
        let expected = question.conversation.expected
        drewRight =
            pictures.count == expected.pictures.count
            && zip(expected.pictures, pictures).allSatisfy { index.rank(of: $0, in: $1) == 1 }
            && pictures.allSatisfy { $0.fits(expected) }
    }

    private var expected: BookConversation.Expected { question.conversation.expected }

    /// Whether there are pictures where none was asked for.
    var drewUnasked: Bool { expected.pictures.isEmpty && !drawn.isEmpty }

    /// Whether there is no picture where one was asked for.
    var drewNothing: Bool { !expected.pictures.isEmpty && drawn.isEmpty }

    /// Whether there is a text where one is expected, with one of the expected words, and none of the
    /// wrong ones.
    var saidRight: Bool {
        if let isYes = expected.isYes { return text.says(isYes ? "yes" : "no", isFirst: true) }
        // A picture that nobody asked for says nothing about what the user shows.
        let said = expected.pictures.isEmpty ? [text] : [text] + altTexts
        let all = said.joined(separator: "\n")
        // Nobody explains or talks by an image alone.
        let isExplanation = question.conversation.kind == .explain
        if isExplanation || expected.pictures.isEmpty, text.isBlank { return false }
        return (expected.words.isEmpty || expected.words.contains { all.says($0) })
            && !expected.wrongWords.contains { all.says($0) }
    }

    /// Whether all is right, the pictures and the words.
    package var isRight: Bool { drewRight && saidRight }
}

extension Image {
    /// Whether the background and the size are as expected.
    fileprivate func fits(_ expected: BookConversation.Expected) -> Bool {
        guard let seen = ImageFingerprint(self) else { return false }
        return (expected.background.map { $0 == seen.background } ?? true)
            && (!expected.isSmall || seen.isSmall)
    }
}

extension String {
    /// Whether a phrase, also in the plural, is a part of the text by whole words.
    func says(_ phrase: String, isFirst: Bool = false) -> Bool {
        let words = Self.words(self)
        let phrase = Self.words(phrase)
        guard let last = phrase.last, words.count >= phrase.count else { return false }
        let starts = isFirst ? 0..<1 : 0..<words.count - phrase.count + 1
        return starts.contains { start in
            let part = words[start..<start + phrase.count]
            return part.dropLast().elementsEqual(phrase.dropLast())
                && [last, last + "s", last + "es"].contains(part.last)
        }
    }

    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
