internal import Basics
internal import Documents
internal import Jam

/// The JSON of how a text goes on, whole or in chunks.
struct CompletionResponse: Sendable {
    private let head: CompletionHead

    init(model: String) { head = CompletionHead(idPrefix: "cmpl-", model: model) }

    func whole(_ answer: Answer) -> JSON {
        var response = chunk(answer.document.texts.joined(), finishReason: answer.finishReason)
        response["usage"] = answer.counts.usage
        answer.addNotes(to: &response)
        return .object(response)
    }

    /// What is new of a text.
    func chunk(_ text: String, finishReason: Answer.FinishReason? = nil) -> JSON.Object {
        var chunk = head.object("text_completion")
        chunk["choices"] = [
            [
                "index": 0, "text": .string(text), "logprobs": .null,
                "finish_reason": finishReason.map { .string($0.name) } ?? .null,
            ]
        ]
        return chunk
    }

    /// The last chunk.
    func end(_ answer: Answer) -> JSON {
        var chunk = chunk("", finishReason: answer.finishReason)
        answer.addNotes(to: &chunk)
        return .object(chunk)
    }

    /// The chunk with the numbers of tokens.
    func usageChunk(_ answer: Answer) -> JSON {
        var chunk = head.object("text_completion")
        chunk["choices"] = []
        chunk["usage"] = answer.counts.usage
        return .object(chunk)
    }
}
