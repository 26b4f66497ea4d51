package import Basics

/// Why an image tokenizer or a CLIP model refuses what it was given.
package enum VisionError: UserError, Equatable {
    /// A size of a config is impossible, or does not fit another one.
    case configuration(field: String, problem: String)
    /// An image has too few or too many codes.
    case codeCount(found: Int, expected: Int)
    /// A code is not in the codebook.
    case unknownCode(found: Int, count: Int)
    /// Codes are to become an image, and the network has no decoder.
    case encodesOnly
    /// Weights to import are not those of a ``VQGAN``.
    case notVQGAN(path: String, problem: String)
    /// The tokenizer of a CLIP folder does not do what its model needs.
    case unfitTokenizer(path: String, problem: String)
    /// A document has no text and no image of which a vector could be made, or none comes of them.
    case noVector(problem: String)
    /// A CLIP model makes vectors of texts or images that are no numbers.
    case vectorsNotFinite(path: String)
    /// Weights to import do not tell the size of images.
    case noImageSize(String)

    package var kind: ErrorKind {
        switch self {
        case .configuration: .invalidConfiguration
        case .codeCount, .unknownCode, .encodesOnly, .notVQGAN, .unfitTokenizer, .noVector,
            .vectorsNotFinite:
            .malformedInput
        case .noImageSize: .invalidArgument
        }
    }

    /// What was found, what was expected, and what to do.
    package var description: String {
        switch self {
        case .configuration(let field, let problem): "image tokenizer config: \(field): \(problem)"
        case .codeCount(let found, let expected):
            "an image has \(expected) codes, but \(found) were given"
        case .unknownCode(let found, let count):
            "there is no image code \(found); codes go from 0 to \(count - 1)"
        case .encodesOnly:
            "this image tokenizer has no decoder, as Chameleon's folders have none: it makes codes "
                + "of images, but no images of codes; import a file that has decoder weights"
        case .notVQGAN(let path, let problem): "\(path): not the weights of a VQGAN: \(problem)"
        case .unfitTokenizer(let path, let problem):
            "\(path): the tokenizer is not that of the CLIP model: \(problem)"
        case .noVector(let problem): "no vector of a document: \(problem)"
        case .vectorsNotFinite(let path):
            "\(path): makes vectors that are no finite numbers; its weights, config or "
                + "preprocessing are damaged"
        case .noImageSize(let path):
            "\(path): the weights do not tell the size of images; "
                + "give it as --size, as in --size 256"
        }
    }
}
