package import Basics

/// Why a model cannot answer.
package enum GenerationError: UserError, Equatable {
    /// Retrieved documents have images, and the model reads none.
    case imagesRetrieved
    /// The context asked for is longer than the model's.
    case contextTooLong(asked: Int, model: Int)
    /// Prompt and answer do not fit into the context.
    case promptTooLong(prompt: Int, answer: Int, context: Int)
    /// The chat template writes nothing of the conversation.
    case promptEmpty
    /// The model computed non-finite logits.
    case logitsNotFinite

    package var kind: ErrorKind {
        switch self {
        case .imagesRetrieved, .contextTooLong: .invalidSetting
        case .promptTooLong, .promptEmpty, .logitsNotFinite: .malformedInput
        }
    }

    package var description: String {
        switch self {
        case .imagesRetrieved:
            "this model reads no images, and documents of the memory bank have some; retrieve from "
                + "a bank of texts"
        case .contextTooLong(let asked, let model):
            "a context of \(asked) tokens is asked for; the model was made for at most \(model)"
        case .promptTooLong(let prompt, let answer, let context):
            "the prompt has \(prompt) tokens and its answer at least \(answer), but the context "
                + "only \(context); shorten the prompt or ask for fewer images"
        case .promptEmpty:
            "the prompt is empty: the chat template writes nothing of the conversation; say something"
        case .logitsNotFinite:
            "the model computed non-finite logits; its weights are damaged"
        }
    }
}
