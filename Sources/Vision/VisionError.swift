package import Basics

/// An invalid config, input or weight of an image tokenizer or a CLIP model.
package enum VisionError: UserError, Equatable {
    case configuration(field: String, problem: String)
    case codeCount(found: Int, expected: Int)
    case unknownCode(found: Int, count: Int)
    case noDecoder
    case notVQGAN(path: String, problem: String)
    /// The tokenizer of a CLIP folder does not fit its model.
    case unfitTokenizer(path: String, problem: String)
    /// A document has no embedding.
    case noEmbedding(problem: String)
    /// A CLIP model computes NaN or infinity.
    case notFinite(path: String)
    /// The image size of weights to import is unknown.
    case noImageSize(String)

    package var kind: ErrorKind {
        switch self {
        case .configuration: .invalidConfiguration
        case .codeCount, .unknownCode, .noDecoder, .notVQGAN, .unfitTokenizer, .noEmbedding,
            .notFinite:
            .malformedInput
        case .noImageSize: .invalidSetting
        }
    }

    package var description: String {
        switch self {
        case .configuration(let field, let problem): "image tokenizer config: \(field): \(problem)"
        case .codeCount(let found, let expected):
            "\(found) codes were given; an image has \(expected)"
        case .unknownCode(let found, let count):
            "there is no image code \(found); codes go from 0 to \(count - 1)"
        case .noDecoder:
            "this image tokenizer has no decoder weights (Chameleon's folders have none), so it cannot "
                + "draw images; import a file that has them"
        case .notVQGAN(let path, let problem): "\(path): not the weights of a VQGAN: \(problem)"
        case .unfitTokenizer(let path, let problem):
            "\(path): the tokenizer does not fit the CLIP model: \(problem)"
        case .noEmbedding(let problem): "a document has no embedding: \(problem)"
        case .notFinite(let path):
            "\(path): computes embeddings that are not finite; its weights, config or "
                + "preprocessing are damaged"
        case .noImageSize(let path):
            "\(path): the weights do not determine the image size; state it, for example 256"
        }
    }
}
