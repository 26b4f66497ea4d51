internal import Basics
internal import Foundation
internal import Jam

/// What a completion, of a conversation or of a text, and its chunks begin with.
struct CompletionHead: Sendable {
    private let id: String
    private let created = Int(Date.now.timeIntervalSince1970)
    private let model: String

    init(idPrefix: String, model: String) {
        id = idPrefix + UUID().uuidString.lowercased()
        self.model = model
    }

    /// The members of an object of this name.
    func object(_ name: String) -> JSON.Object {
        [
            "id": .string(id), "object": .string(name), "created": .integer(created),
            "model": .string(model),
        ]
    }
}

extension Answer {
    /// The seed, which makes the same answer again.
    var seedJSON: JSON { .integer(Int(Int64(bitPattern: seed))) }

    /// Adds the seed, and what the model read beside the prompt or did not read of it.
    func addNotes(to response: inout JSON.Object) {
        response["seed"] = seedJSON
        if retrievedCount > 0 { response["retrieved_documents"] = .integer(retrievedCount) }
        if forgottenTurnCount > 0 { response["forgotten_turns"] = .integer(forgottenTurnCount) }
    }
}

extension Answer.TokenCounts {
    /// The `usage` of a completion: image codes are among the tokens of the answer.
    var usage: JSON {
        [
            "prompt_tokens": .integer(prompt),
            "completion_tokens": .integer(text + image),
            "total_tokens": .integer(prompt + text + image),
            "prompt_tokens_details": ["cached_tokens": .integer(cachedPrompt)],
            "completion_tokens_details": [
                "text_tokens": .integer(text), "image_tokens": .integer(image),
            ],
        ]
    }
}

extension Answer.FinishReason {
    /// As OpenAI's interfaces call it.
    var name: String {
        switch self {
        case .end, .cancelled: "stop"
        case .length: "length"
        }
    }
}
