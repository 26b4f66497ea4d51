package import Basics

/// Why the parts of a model do not fit together, or it cannot do what is asked.
package enum ModelError: UserError, Equatable {
    /// The tokenizer has ids that the network has no rows for.
    case vocabularyTooLarge(tokens: Int, rows: Int)
    /// The vocabulary lacks a special token.
    case specialTokenMissing(spelling: String, need: String)
    /// The image tokenizer's codes are not those of the vocabulary.
    case codesDiffer(tokenizer: Int, vocabulary: Int)
    /// The config places the image codes elsewhere than the tokenizer.
    case otherCodes(config: Range<Int>, tokenizer: Range<Int>)
    /// The files of a model folder do not fit together.
    case unfit(path: String, problem: String)
    /// A conversation is asked of a model that has no chat template.
    case noChatTemplate
    /// Something with images is needed, and the model has no image tokenizer.
    case noImageTokenizer(need: String)

    package var kind: ErrorKind { .invalidConfiguration }

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
        case .otherCodes(let config, let tokenizer):
            "config.json says that image codes are the tokens \(config.lowerBound) to "
                + "\(config.upperBound - 1), tokenizer.json \(tokenizer.lowerBound) to "
                + "\(tokenizer.upperBound - 1); take the files that belong together"
        case .unfit(let path, let problem): "\(path): \(problem)"
        case .noChatTemplate:
            "the model has no chat template, which a conversation needs; put chat_template.jinja "
                + "into its folder, or give it a text without roles to continue"
        case .noImageTokenizer(let need):
            "\(need) needs an image tokenizer, and there is none; put the one that the model was "
                + "trained with into its folder image_tokenizer, name one as image_tokenizer in a "
                + "training recipe, or leave images out"
        }
    }
}
