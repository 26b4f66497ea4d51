internal import Basics
internal import Documents
internal import Foundation
internal import Jam

/// The JSON of how a text goes on, whole or in chunks.
struct CompletionResponse: Sendable {
    private let id = "cmpl-" + UUID().uuidString.lowercased()
    private let created = Int(Date.now.timeIntervalSince1970)
    private let model: String

    init(model: String) { self.model = model }

    func whole(_ answer: Answer) -> JSON {
        var response = chunk(answer.document.texts.joined(), finishReason: answer.finishReason)
        response["usage"] = ChatResponse.usage(answer.counts)
        addSeed(answer, to: &response)
        return .object(response)
    }

    /// What is new of a text.
    func chunk(_ text: String, finishReason: Answer.FinishReason? = nil) -> JSON.Object {
        var chunk = head
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
        addSeed(answer, to: &chunk)
        return .object(chunk)
    }

    /// The chunk with the numbers of tokens.
    func usageChunk(_ answer: Answer) -> JSON {
        var chunk = head
        chunk["choices"] = []
        chunk["usage"] = ChatResponse.usage(answer.counts)
        return .object(chunk)
    }

    private var head: JSON.Object {
        [
            "id": .string(id), "object": "text_completion", "created": .integer(created),
            "model": .string(model),
        ]
    }

    /// What makes the same answer again.
    private func addSeed(_ answer: Answer, to response: inout JSON.Object) {
        response["seed"] = .integer(Int(Int64(bitPattern: answer.seed)))
    }
}
