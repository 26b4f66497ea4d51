/// The number of a token: a row of the embedding table.
package typealias TokenID = Int

/// One vocabulary as a value: which ids are text, which are image codes, which are special tokens.
///
/// The three sets are disjoint. Ids that belong to none (padded rows of an embedding table) are
/// never produced and never expected.
package struct TokenSpace: Sendable, Equatable {
    /// A token that structures a document and that no text ever spells.
    package enum SpecialToken: Sendable, Hashable, CaseIterable {
        /// Begins and ends a document, and ends an answer: `<eos>`.
        case end
        /// Begins an image, which ends by itself after its fixed number of codes: `<break>`.
        case imageStart
        /// Before the moved spans at the end of a CM3 document: `<infill>`.
        case infill
        /// The place of the `index`-th moved span, and the head of its text: `<mask:i>`.
        case mask(Int)
        /// Begins what the system says: `<|system|>`.
        case system
        /// Begins what the user says: `<|user|>`.
        case user
        /// Begins what the assistant says: `<|assistant|>`.
        case assistant
        /// Fills the end of short rows; never attended to and never a target: `<pad>`.
        case padding

        /// The number of different spans that a document can have moved (CM3: at most 16).
        package static let maskCount = 16

        /// Every special token in the order of their ids in a vocabulary that `jam` makes.
        package static var allCases: [SpecialToken] {
            [.padding, .end, .imageStart, .infill, .system, .user, .assistant]
                + (0..<maskCount).map(SpecialToken.mask)
        }

        /// The spelling in `tokenizer.json`.
        package var spelling: String {
            switch self {
            case .end: "<eos>"
            case .imageStart: "<break>"
            case .infill: "<infill>"
            case .mask(let index): "<mask:\(index)>"
            case .system: "<|system|>"
            case .user: "<|user|>"
            case .assistant: "<|assistant|>"
            case .padding: "<pad>"
            }
        }

        /// The special token that `tokenizer.json` spells so; `nil` if none is.
        package init?(spelling: String) {
            guard let specialToken = Self.bySpelling[spelling] else { return nil }
            self = specialToken
        }

        private static let bySpelling = Dictionary(
            uniqueKeysWithValues: allCases.map { ($0.spelling, $0) }
        )
    }

    /// What a token is.
    package enum Kind: Sendable, Hashable {
        /// A piece of text.
        case text
        /// The image code with this number.
        case image(code: Int)
        /// A special token.
        case specialToken(SpecialToken)
        /// None of these: a padded row, or a token that no document has.
        case unused
    }

    /// The number of rows of the embedding table.
    package let count: Int
    /// The ids of ordinary text tokens: often one range, with gaps where added tokens stand.
    package let text: RangeSet<TokenID>
    /// The ids of image codes: code `c` is the token `image.lowerBound + c`; empty without images.
    package let image: Range<TokenID>
    /// The id of each special token that the vocabulary has.
    package let specialTokens: [SpecialToken: TokenID]
    private let specialTokensByID: [TokenID: SpecialToken]

    /// Makes a token space whose text is one range.
    package init(
        count: Int,
        text: Range<TokenID>,
        image: Range<TokenID>,
        specialTokens: [SpecialToken: TokenID]
    ) {
        self.init(count: count, text: RangeSet(text), image: image, specialTokens: specialTokens)
    }

    /// Makes a token space of disjoint sets below `count`.
    package init(
        count: Int,
        text: RangeSet<TokenID>,
        image: Range<TokenID>,
        specialTokens: [SpecialToken: TokenID]
    ) {
        precondition((text.ranges.last?.upperBound ?? 0) <= count && image.upperBound <= count)
        precondition(text.isDisjoint(RangeSet(image)), "text and image codes share ids")
        precondition(specialTokens.values.allSatisfy { !text.contains($0) && !image.contains($0) })
        precondition(
            Set(specialTokens.values).count == specialTokens.count,
            "two special tokens share an id"
        )
        precondition(specialTokens.values.allSatisfy { (0..<count).contains($0) })
        specialTokensByID = Dictionary(uniqueKeysWithValues: specialTokens.map { ($1, $0) })
        self.count = count
        self.text = text
        self.image = image
        self.specialTokens = specialTokens
    }

    /// The token of the image code `code`.
    package func token(imageCode code: Int) -> TokenID {
        precondition(
            code >= 0 && code < image.count,
            "image code \(code) is not in 0..<\(image.count)"
        )
        return image.lowerBound + code
    }

    /// What the token `id` is; of an id outside the vocabulary, `unused`.
    package func kind(of id: TokenID) -> Kind {
        if text.contains(id) { return .text }
        if image.contains(id) { return .image(code: id - image.lowerBound) }
        return specialTokensByID[id].map(Kind.specialToken) ?? .unused
    }

    /// The id of `specialToken`, which the vocabulary must have.
    package subscript(specialToken: SpecialToken) -> TokenID {
        guard let id = specialTokens[specialToken] else {
            preconditionFailure("the vocabulary has no \(specialToken.spelling)")
        }
        return id
    }
}

extension RangeSet<TokenID> {
    /// The number of ids.
    package var count: Int { ranges.reduce(0) { $0 + $1.count } }
}
