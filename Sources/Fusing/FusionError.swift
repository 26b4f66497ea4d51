package import Basics
import Decoders

/// Why two checkpoints cannot be fused as asked.
package enum FusionError: UserError, Equatable {
    /// The share of the text parent is not between 0 and 1.
    case textShare(Double)
    case interval(Int)
    case shardSize(Int)
    /// The parent's model type is not supported.
    case family(parent: String, found: String)
    case noTokenizer(parent: String)
    /// The parents' tokenizers differ.
    case tokens(text: String, image: String, difference: String)
    /// The parents' tables have different numbers of rows.
    case vocabularySizes(text: Int, image: Int)
    /// A Cross model divides its head between text and image codes, and there are none.
    case noImageCodes(parent: String)
    /// The method needs parents of one architecture, and they differ in `what`.
    case unlike(method: String, what: String, text: String, image: String)
    /// A norm that all heads share cannot have the scales of two parents.
    case headNorms(family: String, name: String, shape: [Int])
    /// The paper's start shares one table, which needs equal hidden sizes.
    case unlikeWidths(text: Int, image: Int)
    /// The towers have fewer layers than lie between two bridges.
    case noBridges(every: Int, depth: Int)
    /// The spelling of an untrained token is not that of one token.
    case untrainedToken(String, count: Int)
    /// The paper's start has one head, for which all tokens are alike.
    case textHead(String)
    /// Text tokens can have a head of their own only where image tokens follow them.
    case textRows(String)
    /// Bridges shall write where images are drawn, and no token of the image parent's begins that.
    case noAltText
    /// A number is too large for the type of the output.
    case overflow(name: String, value: Float)
    /// A weight of a parent has an infinity or NaN.
    case notFinite(name: String, parent: String)
    /// A bug of jam: the rules do not make the model that the config describes.
    case inconsistent(name: String, problem: String)

    package var kind: ErrorKind {
        switch self {
        case .textShare, .interval, .shardSize, .noBridges, .unlikeWidths,
            .headNorms, .untrainedToken, .textHead, .textRows, .noAltText:
            .invalidSetting
        case .noTokenizer: .notFound
        case .family: .invalidConfiguration
        case .inconsistent: .internalFailure
        default: .malformedInput
        }
    }

    package var description: String {
        switch self {
        case .textShare(let share):
            "the text parent's share is \(share); a number from 0 to 1 is expected"
        case .interval(let interval):
            "a bridge after every \(interval) layers: a number of at least 1 is expected"
        case .shardSize(let size):
            "the largest shard is \(size) bytes; a number of at least 1 is expected"
        case .family(let parent, let found):
            "\(parent): a model of type \"\(found)\" cannot be fused; supported are "
                + Family.modelTypes.map { "\"\($0)\"" }.joined(separator: ", ")
        case .noTokenizer(let parent):
            "\(parent): tokenizer.json is missing, which says what the rows of the tables mean"
        case .tokens(let text, let image, let difference):
            "the parents' tokenizer.json differ: \(difference) (\(text) and \(image)); "
                + "one tokenizer is expected; the vocabulary rule \"union\" joins two"
        case .vocabularySizes(let text, let image):
            "the text parent's tables have \(text) rows, the image parent's \(image); equal "
                + "numbers are expected; the vocabulary rule \"union\" joins unequal tables"
        case .noImageCodes(let parent):
            "\(parent): tokenizer.json has no image codes (<image:0>, <image:1>, …); a Cross model "
                + "needs them, because their logits come from the image tower"
        case .unlike(let method, let what, let text, let image):
            "\(method) needs parents of one architecture: \(what) is \(text) in the text parent "
                + "and \(image) in the image parent; cross joins any two parents"
        case .headNorms(let family, let name, let shape):
            "width with the norm \"whole\" cannot widen \(family): it normalizes queries and keys "
                + "in each head (\"\(name)\" \(shape)), and each parent's heads need their own "
                + "scale; use the norm \"halves\", or cross"
        case .unlikeWidths(let text, let image):
            "the start \"paper\" shares one table and needs equal hidden sizes: the text parent's "
                + "is \(text), the image parent's \(image); use the start \"preserving\""
        case .noBridges(let every, let depth):
            "with a bridge after every \(every) layers there is none: the deeper tower has "
                + "\(depth) layers"
        case .untrainedToken(let spelling, let count):
            "the untrained token \"\(spelling)\": one token of tokenizer.json is expected, "
                + "found \(count)"
        case .textHead(let head):
            "the start \"paper\" predicts text by both towers; for the text head \"\(head)\" use the "
                + "start \"preserving\""
        case .noAltText:
            "bridges that write where images are drawn need a token that begins alternative texts and that "
                + "only the image parent has (<alt>), in a union of vocabularies; without one, bridges write "
                + "everywhere"
        case .textRows(let head):
            "the text head \"\(head)\" needs a vocabulary in which the image parent's tokens follow "
                + "the text parent's: use the vocabulary rule \"union\" with a text parent that has "
                + "no image codes"
        case .overflow(let name, let value):
            "the weight \"\(name)\" would have the value \(value), which is too large for F16; "
                + "use BF16 or F32"
        case .notFinite(let name, let parent):
            "\(parent): the weight \"\(name)\" has values that are not finite (NaN or infinity); "
                + "take an undamaged copy of the model"
        case .inconsistent(let name, let problem):
            "a bug of jam: the plan for \"\(name)\" \(problem); please report it"
        }
    }
}
