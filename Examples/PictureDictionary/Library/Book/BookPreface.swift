internal import Basics
internal import Documents

/// What stands before a captioned image and has nothing to do with it: a definition, a talk in the
/// LLM's own chat format, in which the assistant then shows the image, or that format's beginning.
///
/// An image parent that has only read captions at the beginning of a document finds them by their
/// place; behind a system prompt and a question it draws nonsense.
struct BookPreface: Sendable {
    private let definitions: [(name: String, text: String)]
    /// Questions and what the LLM says to them.
    private let talks: [(question: String, answer: String)]

    /// - Parameters:
    ///   - concepts: those with a definition are explained, if they are not held out.
    ///   - llmAnswers: what the LLM says, by the question; without, only definitions stand before
    ///     an image.
    init(concepts: [Concept], llmAnswers: [String: String]) {
        definitions = concepts.filter { $0.split == .tuning }.compactMap { concept in
            concept.definition.map { (concept.name, $0.sentence) }
        }
        talks = BookWordings.talk.trained.compactMap { wording in
            llmAnswers[wording.template].map { (wording.template, $0.firstSentence) }
        }
    }

    /// One preface, which explains none of the `concepts`, and in a conversation who shows the image.
    func random(
        before concepts: [Concept],
        using random: inout SeededGenerator
    ) -> (segments: [Segment], role: Role?) {
        if !talks.isEmpty, Int.random(in: 0..<4, using: &random) > 0 {
            if Bool.random(using: &random) { return ([], .assistant) }
            let talk = talks[Int.random(in: 0..<talks.count, using: &random)]
            let asked = Segment.text(talk.question, role: .user)
            let said = Segment.text(talk.answer + "\n", role: .assistant)
            let isAnswered = Int.random(in: 0..<3, using: &random) == 0
            return (isAnswered ? [asked, said] : [asked], .assistant)
        }
        let other = definitions.randomElement(using: &random)
        guard let other, !concepts.contains(where: { $0.name == other.name }) else {
            return ([], nil)
        }
        return ([.text(other.text + "\n")], nil)
    }
}
