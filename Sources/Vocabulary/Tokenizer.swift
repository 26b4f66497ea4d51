import Basics
import Synchronization

/// A byte-level byte-pair tokenizer: text to token ids and back.
///
/// The file format is Hugging Face's `tokenizer.json`, and the ids are those of the `tokenizers`
/// library, with one difference: plain text never yields a marker or another added token, whatever
/// it spells. What a `TokenSpace.Marker` means is said by its id, which only a program can write.
public final class Tokenizer: Sendable {
    /// Which ids are text, which are image codes and which are markers.
    public let space: TokenSpace
    /// How a text is cut into the pieces that merges never cross.
    public let splitPattern: SplitPattern

    let model: BytePairModel
    let normalizer: Normalizer
    let addedTokens: [AddedToken]
    /// What the file says about templates around a text: kept to be written, never applied.
    let postProcessor: JSON
    let spellings: [TokenID: String]
    private let restingEncoder: Mutex<PieceEncoder?>

    /// Puts a tokenizer together from parts that fit: ids that are disjoint and a space that says so.
    init(
        model: BytePairModel,
        normalizer: Normalizer,
        splitPattern: SplitPattern,
        addedTokens: [AddedToken],
        postProcessor: JSON,
        space: TokenSpace
    ) {
        self.model = model
        self.normalizer = normalizer
        self.splitPattern = splitPattern
        self.addedTokens = addedTokens
        self.postProcessor = postProcessor
        self.space = space
        spellings = Dictionary(uniqueKeysWithValues: addedTokens.map { ($0.id, $0.spelling) })
        restingEncoder = Mutex(PieceEncoder(model: model))
    }

    /// Lends the encoder with its memory of words to `body`; of callers at the same time, one gets
    /// it and the others get new ones.
    func withEncoder<Result>(_ body: (inout PieceEncoder) -> Result) -> Result {
        let resting = restingEncoder.withLock { encoder in
            defer { encoder = nil }
            return encoder
        }
        var encoder = resting ?? PieceEncoder(model: model)
        let result = body(&encoder)
        restingEncoder.withLock { other in
            if (other?.cachedCount ?? -1) < encoder.cachedCount { other = encoder }
        }
        return result
    }
}

extension Tokenizer: Equatable {
    /// Whether two tokenizers give every text the same ids and every id the same meaning.
    public static func == (left: Tokenizer, right: Tokenizer) -> Bool {
        left.model == right.model && left.normalizer == right.normalizer
            && left.splitPattern == right.splitPattern && left.addedMeanings == right.addedMeanings
    }

    /// How the flags of an added token would be looked for means nothing to us.
    private var addedMeanings: [TokenID: [UInt8]] {
        Dictionary(uniqueKeysWithValues: addedTokens.map { ($0.id, Array($0.spelling.utf8)) })
    }
}
