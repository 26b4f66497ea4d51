import Basics
import Synchronization

/// A BPE tokenizer that reads and writes Hugging Face's `tokenizer.json`.
///
/// Its ids are those of the `tokenizers` library, with one difference: plain text never becomes a
/// special token, whatever it spells. Only a program can write the id of one.
package final class Tokenizer: Sendable {
    /// Which ids are text, image codes and special tokens.
    package let space: TokenSpace
    /// What is odd about the files but can be lived with, one sentence each.
    package let warnings: [String]

    let model: BPEModel
    let pipeline: TextPipeline
    let addedTokens: [AddedToken]
    let specialTokensMap: SpecialTokensMap
    let spellings: [TokenID: String]
    /// The normalized bytes of added tokens that are matched after normalization.
    let normalizedSpellings: [TokenID: [UInt8]]
    private let idleEncoder: Mutex<BPEEncoder?>
    private let finders = Mutex<AddedTokenFinders?>(nil)
    /// The finder of the added tokens that are text.
    let textFinders: AddedTokenFinders?

    /// The parts must fit: disjoint ids, and a space that describes them.
    init(
        model: BPEModel,
        pipeline: TextPipeline,
        addedTokens: [AddedToken],
        specialTokensMap: SpecialTokensMap = SpecialTokensMap(),
        space: TokenSpace,
        warnings: [String] = []
    ) {
        self.warnings = warnings
        self.model = model
        self.pipeline = pipeline
        self.addedTokens = addedTokens
        self.specialTokensMap = specialTokensMap
        self.space = space
        var spellings = model.reserved
        for token in addedTokens { spellings[token.id] = token.spelling }
        self.spellings = spellings
        var normalizedSpellings: [TokenID: [UInt8]] = [:]
        for token in addedTokens where token.isNormalized {
            let normalized = pipeline.normalizer.normalized(token.bytes)
            if normalized != token.bytes { normalizedSpellings[token.id] = normalized }
        }
        self.normalizedSpellings = normalizedSpellings
        let texts = addedTokens.filter { $0.isText && space.text.contains($0.id) }
        textFinders =
            texts.isEmpty ? nil : AddedTokenFinders(texts, pipeline.normalizer) { _ in false }
        idleEncoder = Mutex(BPEEncoder(model: model))
    }

    /// The same tokenizer, but ``postProcessed(_:)`` appends one special token and does nothing
    /// else.
    ///
    /// - Throws: if the vocabulary lacks the special token as an added token.
    package func endingTexts(with specialToken: TokenSpace.SpecialToken) throws(MissingSpecialToken)
        -> Tokenizer
    {
        guard let id = space.specialTokens[specialToken],
            let token = addedTokens.first(where: { $0.id == id })
        else {
            throw MissingSpecialToken(
                spelling: specialToken.spelling,
                need: "the end of every text"
            )
        }
        return Tokenizer(
            model: model,
            pipeline: TextPipeline(pipeline, endingWith: token),
            addedTokens: addedTokens,
            specialTokensMap: specialTokensMap,
            space: space,
            warnings: warnings
        )
    }

    /// Lends the encoder with its cache to `body`; concurrent callers get new ones.
    func withEncoder<Result>(_ body: (inout BPEEncoder) -> Result) -> Result {
        // Taken, not copied: a second copy would make the next word copy the whole cache.
        var encoder = idleEncoder.withLock { $0.take() } ?? BPEEncoder(model: model)
        let result = body(&encoder)
        idleEncoder.withLock { other in
            if (other?.cachedCount ?? -1) < encoder.cachedCount { other = encoder }
        }
        return result
    }

    var addedTokenFinders: AddedTokenFinders {
        finders.withLock { known in
            let made =
                known
                ?? AddedTokenFinders(addedTokens, pipeline.normalizer) { token in
                    switch space.kind(of: token.id) {
                    case .image, .specialToken: true
                    case .text, .unused: token.isSpecial
                    }
                }
            known = made
            return made
        }
    }
}

extension Tokenizer: Equatable {
    /// Whether both give every text the same ids and every id the same meaning.
    package static func == (left: Tokenizer, right: Tokenizer) -> Bool {
        left.model == right.model && left.pipeline == right.pipeline
            && left.addedMeanings == right.addedMeanings
            && left.addedTexts == right.addedTexts
    }

    private var addedTexts: [AddedToken] {
        addedTokens.filter(\.isText).sorted { $0.id < $1.id }
    }

    /// The flags of special tokens do not count.
    private var addedMeanings: [TokenID: [UInt8]] { spellings.mapValues { Array($0.utf8) } }
}
