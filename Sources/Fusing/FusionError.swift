package import Basics
import Decoders

/// Why two checkpoints cannot be fused as asked.
package enum FusionError: UserError, Equatable {
    /// The share of the text parent is not one.
    case textShare(Double)
    /// Bridges cannot be that close.
    case interval(Int)
    /// A shard would hold nothing.
    case shardSize(Int)
    /// The parent is of a family that cannot be fused.
    case family(parent: String, found: String)
    /// The parent has no tokenizer, so that nobody knows what its rows mean.
    case noTokenizer(parent: String)
    /// The parents number their tokens differently.
    case tokens(text: String, image: String, difference: String)
    /// The parents' tables have unlike numbers of rows.
    case vocabularySizes(text: Int, image: Int)
    /// A Cross model divides its head between text and image codes, of which there are none.
    case noImageCodes(parent: String)
    /// The method needs weights of one shape.
    case unlikeShapes(method: String, name: String, text: [Int], image: [Int])
    /// The method needs equal sizes, and a size that no shape shows differs.
    case unlikeSizes(method: String, setting: String, text: Int, image: Int)
    /// The method needs layers of one make, and a part of them differs.
    case unlikeParts(method: String, setting: String, text: String, image: String)
    /// The method would put the norms of two parents' heads under one gain.
    case headNorms(family: String, name: String, shape: [Int])
    /// The method needs equal depths, and one parent has a weight that the other has not.
    case oneSided(method: String, name: String, owner: String, other: String)
    /// The paper's start shares tables, which needs one width.
    case unlikeWidths(text: Int, image: Int)
    /// The towers have fewer layers than lie between two bridges.
    case noBridges(every: Int, depth: Int)
    /// The name of an untrained token is not that of one token.
    case untrainedToken(String, count: Int)
    /// A number is too large for the type of the output.
    case overflow(name: String, value: Float)
    /// A fault of ours: the rules do not make the model that the config describes.
    case inconsistent(name: String, problem: String)

    package var kind: ErrorKind {
        switch self {
        case .textShare, .interval, .shardSize, .noBridges, .unlikeWidths,
            .headNorms, .untrainedToken:
            .invalidSetting
        case .noTokenizer: .notFound
        case .family: .invalidConfiguration
        case .inconsistent: .internalFailure
        default: .malformedInput
        }
    }

    /// What was found, what was expected and what to do.
    package var description: String {
        switch self {
        case .textShare(let share):
            "the text parent's weight is \(share); a number from 0 to 1 is expected"
        case .interval(let interval):
            "a bridge after every \(interval) layers: a number of at least 1 is expected"
        case .shardSize(let size):
            "the largest shard is \(size) bytes; a number of at least 1 is expected"
        case .family(let parent, let found):
            "\(parent): a model of type \"\(found)\" cannot be fused; known are "
                + Family.modelTypes.map { "\"\($0)\"" }.joined(separator: ", ")
        case .noTokenizer(let parent):
            "\(parent): tokenizer.json is missing; without it nobody knows what a row means"
        case .tokens(let text, let image, let difference):
            "the parents' tokenizer.json differ: \(difference) (\(text) and \(image)); "
                + "parents with one tokenizer are expected, and --vocabulary union joins others"
        case .vocabularySizes(let text, let image):
            "the text parent's tables have \(text) rows, the image parent's \(image); "
                + "equal numbers are expected, and --vocabulary union joins others"
        case .noImageCodes(let parent):
            "\(parent): tokenizer.json has no image codes (<image:0>, <image:1>, …), for which a "
                + "Cross model reads the image tower"
        case .unlikeShapes(let method, let name, let text, let image):
            "\(method) needs weights of one shape: \"\(name)\" is \(text) in the text parent and "
                + "\(image) in the image parent; the method that joins them is cross"
        case .unlikeSizes(let method, let setting, let text, let image):
            "\(method) needs equal sizes: \(setting) is \(text) in the text parent and "
                + "\(image) in the image parent; the method that joins them is cross"
        case .unlikeParts(let method, let setting, let text, let image):
            "\(method) needs layers of one make: \(setting) is \(text) in the text parent and "
                + "\(image) in the image parent; the method that joins them is cross"
        case .headNorms(let family, let name, let shape):
            "width --norm whole cannot widen \(family): its queries and keys are normed head by head "
                + "(\"\(name)\" \(shape)), and each parent's heads need their own; --norm halves "
                + "keeps them apart, and cross joins any two"
        case .oneSided(let method, let name, let owner, let other):
            "\(method) needs parents of one depth: \"\(name)\" is in the \(owner) parent only, "
                + "not in the \(other) parent; the method that joins them is cross"
        case .unlikeWidths(let text, let image):
            "--start paper shares tables and needs towers of one width: the text parent's is "
                + "\(text), the image parent's \(image); --start preserving joins them"
        case .noBridges(let every, let depth):
            "a bridge after every \(every) layers leaves none: the deeper tower has \(depth)"
        case .untrainedToken(let spelling, let count):
            "--untrained \"\(spelling)\": one token of tokenizer.json is expected, found \(count)"
        case .overflow(let name, let value):
            "the weight \"\(name)\" would hold \(value), which is too large for F16; "
                + "ask for BF16 or F32"
        case .inconsistent(let name, let problem):
            "a fault of jam: the plan for \"\(name)\" \(problem); please report it"
        }
    }
}
