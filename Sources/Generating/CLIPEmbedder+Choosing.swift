internal import Documents
package import Vision

extension CLIPEmbedder {
    /// The answer whose images fit `words` best, of several to one question (CM3Leon, section 2.3);
    /// the first if none has an image.
    package func best(of answers: some Collection<Answer>, for words: String) throws -> Answer {
        precondition(!answers.isEmpty, "there is an answer to choose")
        let answers = Array(answers)
        let fits = try fits(of: answers.map(\.document.images), to: words)
        let best = answers.indices.max { (fits[$0] ?? -2) < (fits[$1] ?? -2) } ?? 0
        return answers[fits[best] == nil ? 0 : best]
    }
}
