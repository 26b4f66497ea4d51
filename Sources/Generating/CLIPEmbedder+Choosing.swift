internal import Documents
package import Vision

extension CLIPEmbedder {
    /// The answer whose images fit the words best, of several to one question (CM3Leon, section
    /// 2.3); where none has an image, the first.
    package func best(of answers: some Collection<Generated>, for words: String) throws -> Generated
    {
        precondition(!answers.isEmpty, "there is an answer to choose")
        let answers = Array(answers)
        let fits = try fits(of: answers.map(\.document.images), to: words)
        let best = answers.indices.max { (fits[$0] ?? -2) < (fits[$1] ?? -2) } ?? 0
        return answers[fits[best] == nil ? 0 : best]
    }
}
