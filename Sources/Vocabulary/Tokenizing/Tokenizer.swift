import Basics
import Synchronization

/// A byte-pair tokenizer: text to token ids and back.
///
/// The file format is Hugging Face's `tokenizer.json`, and the ids are those of the `tokenizers`
/// library, with one difference: plain text never yields a special token or another added token, whatever
/// it spells. What a `TokenSpace.SpecialToken` means is said by its id, which only a program can write.
package final class Tokenizer: Sendable {
    /// Which ids are text, which are image codes and which are special tokens.
    package let space: TokenSpace

    let model: BytePairModel
    let pipeline: TextPipeline
    let addedTokens: [AddedToken]
    let roles: SpecialTokenRoles
    let spellings: [TokenID: String]
    /// What the added tokens are in a text whose spelling is looked for in a normalized one.
    let normalizedSpellings: [TokenID: [UInt8]]
    private let restingEncoder: Mutex<PieceEncoder?>
    private let finders = Mutex<AddedTokenFinders?>(nil)

    /// Puts a tokenizer together from parts that fit: ids that are disjoint and a space that says so.
    init(
        model: BytePairModel,
        pipeline: TextPipeline,
        addedTokens: [AddedToken],
        roles: SpecialTokenRoles = SpecialTokenRoles(),
        space: TokenSpace
    ) {
        self.model = model
        self.pipeline = pipeline
        self.addedTokens = addedTokens
        self.roles = roles
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
        restingEncoder = Mutex(PieceEncoder(model: model))
    }

    /// The same tokenizer, but ``framing(_:)`` puts a special token after each text, and nothing else.
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
            roles: roles,
            space: space
        )
    }

    /// Lends the encoder with its memory of words to `body`; of callers at the same time, one gets
    /// it and the others get new ones.
    func withEncoder<Result>(_ body: (inout PieceEncoder) -> Result) -> Result {
        // Taken and not copied: while another copy exists, the first new word copies the whole memory.
        var encoder = restingEncoder.withLock { $0.take() } ?? PieceEncoder(model: model)
        let result = body(&encoder)
        restingEncoder.withLock { other in
            if (other?.cachedCount ?? -1) < encoder.cachedCount { other = encoder }
        }
        return result
    }

    /// What finds added tokens in a text; made when it is first needed.
    var addedTokenFinders: AddedTokenFinders {
        finders.withLock { known in
            let made = known ?? AddedTokenFinders(addedTokens, pipeline.normalizer)
            known = made
            return made
        }
    }
}

extension Tokenizer: Equatable {
    /// Whether two tokenizers give every text the same ids and every id the same meaning.
    package static func == (left: Tokenizer, right: Tokenizer) -> Bool {
        left.model == right.model && left.pipeline == right.pipeline
            && left.addedMeanings == right.addedMeanings
    }

    /// How the flags of an added token would be looked for means nothing here.
    private var addedMeanings: [TokenID: [UInt8]] { spellings.mapValues { Array($0.utf8) } }
}
