package import Basics

/// Why a model cannot answer.
package enum GenerationError: UserError, Equatable {
    /// The tokenizer has ids that the model has no rows for.
    case vocabularyTooLarge(tokens: Int, rows: Int)
    /// The vocabulary lacks a special token that this generation needs.
    case specialTokenMissing(spelling: String, need: String)
    /// The image tokenizer's codes are not those of the vocabulary.
    case codesDiffer(tokenizer: Int, vocabulary: Int)
    /// The files of a model folder do not fit together.
    case unfit(path: String, problem: String)
    /// Images are asked for, or given, and the model has none.
    case noImages
    /// Documents that were retrieved have images, and the model reads none.
    case imagesRetrieved
    /// The context asked for is longer than what the model was made for.
    case contextTooLong(asked: Int, model: Int)
    /// Prompt and answer do not fit into the context.
    case promptTooLong(prompt: Int, answer: Int, context: Int)
    /// The model computed numbers that are not finite.
    case logitsNotFinite

    package var kind: ErrorKind {
        switch self {
        case .vocabularyTooLarge, .specialTokenMissing, .codesDiffer, .unfit: .invalidConfiguration
        case .noImages, .imagesRetrieved, .contextTooLong: .invalidArgument
        case .promptTooLong, .logitsNotFinite: .malformedInput
        }
    }

    /// What was found, what was expected and what to do.
    package var description: String {
        switch self {
        case .vocabularyTooLarge(let tokens, let rows):
            "the tokenizer has \(tokens) tokens and the model only \(rows) rows for them; "
                + "take the tokenizer that belongs to the model"
        case .specialTokenMissing(let spelling, let need):
            "the vocabulary has no \(spelling), which \(need) needs; take another model"
        case .codesDiffer(let tokenizer, let vocabulary):
            "the image tokenizer has \(tokenizer) codes and the vocabulary \(vocabulary); "
                + "take the image tokenizer that the model was trained with"
        case .unfit(let path, let problem): "\(path): \(problem)"
        case .noImages:
            "this model neither reads nor draws images; leave them out and ask for --images 0"
        case .imagesRetrieved:
            "this model reads no images, and documents of the memory bank have some; retrieve from "
                + "a bank of texts"
        case .contextTooLong(let asked, let model):
            "--context \(asked): the model was made for \(model) tokens at most"
        case .promptTooLong(let prompt, let answer, let context):
            "the prompt has \(prompt) tokens and its answer at least \(answer), but the context "
                + "only \(context); shorten the prompt or ask for fewer images"
        case .logitsNotFinite:
            "the model computed numbers that are not finite; its weights are damaged"
        }
    }
}
