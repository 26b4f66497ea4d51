package import Basics

/// Why a model cannot be measured on some data.
package enum EvaluationError: UserError, Equatable {
    /// A document does not fit into the context.
    case tooLong(tokens: Int, context: Int)
    /// There is no token to measure the loss of.
    case nothingCounts
    /// The vocabulary lacks a special token of conversations.
    case specialTokenMissing(spelling: String)
    /// A document has an image and the model no image tokenizer.
    case noImages
    /// The model computed numbers that are not finite.
    case lossNotFinite

    package var kind: ErrorKind {
        switch self {
        case .specialTokenMissing, .noImages: .invalidConfiguration
        case .tooLong, .nothingCounts, .lossNotFinite: .malformedInput
        }
    }

    /// What was found, what was expected and what to do.
    package var description: String {
        switch self {
        case .tooLong(let tokens, let context):
            "a document has \(tokens) tokens and the model's context only \(context); "
                + "measure it on shorter ones"
        case .nothingCounts: "the data has no token whose loss counts; at least one is expected"
        case .specialTokenMissing(let spelling):
            "the vocabulary has no \(spelling), which a conversation needs; take a tuned model"
        case .noImages:
            "the data has images and the model has no folder image_tokenizer; "
                + "copy there the one that it was trained with"
        case .lossNotFinite:
            "the model computed losses that are not finite; its weights are damaged"
        }
    }
}
