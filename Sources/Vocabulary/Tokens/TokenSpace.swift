/// A token's id: its row of the embedding table.
package typealias TokenID = Int

/// One vocabulary as a value: which ids are text, image codes and special tokens.
///
/// The three sets are disjoint. Ids in none of them, such as padded rows of an embedding table, are
/// never produced and never expected.
package struct TokenSpace: Sendable, Equatable {
    /// A token that structures a document; no text is encoded as one.
    package enum SpecialToken: Sendable, Hashable, CaseIterable {
        /// Starts and ends a document, and ends an answer: `<eos>`.
        case end
        /// Starts an image, which has a fixed number of codes: `<break>`.
        case imageStart
        /// Precedes the masked spans at the end of a CM3 document: `<infill>`.
        case infill
        /// Replaces the `index`-th masked span, and precedes its tokens at the end: `<mask:i>`.
        case mask(Int)
        /// Starts a turn of the system: `<|system|>`.
        case system
        /// Starts a turn of the user: `<|user|>`.
        case user
        /// Starts a turn of the assistant: `<|assistant|>`.
        case assistant
        /// Starts the alternative text of the image that follows: `<alt>`.
        case altText
        /// Begins an answer that has images, the first of them at once: `<draw>`.
        case drawing
        /// Begins an answer that has images behind words: `<tell>`.
        case telling
        /// Pads short rows; never attended to and never a target: `<pad>`.
        case padding

        /// The most masked spans of a document (CM3: 16).
        package static let maskCount = 16

        /// The special tokens of a new vocabulary, in the order of their ids.
        package static var ofNewVocabulary: [SpecialToken] {
            [.padding, .end, .imageStart, .infill, .system, .user, .assistant] + masks
        }

        /// All special tokens.
        package static var allCases: [SpecialToken] {
            ofNewVocabulary + [.altText, .drawing, .telling]
        }

        /// All `<mask:i>`.
        package static var masks: [SpecialToken] { (0..<maskCount).map(SpecialToken.mask) }

        /// The string in `tokenizer.json`.
        package var spelling: String {
            switch self {
            case .end: "<eos>"
            case .imageStart: "<break>"
            case .infill: "<infill>"
            case .mask(let index): "<mask:\(index)>"
            case .system: "<|system|>"
            case .user: "<|user|>"
            case .assistant: "<|assistant|>"
            case .altText: "<alt>"
            case .drawing: "<draw>"
            case .telling: "<tell>"
            case .padding: "<pad>"
            }
        }

        /// The special token with this string; `nil` if there is none.
        package init?(spelling: String) {
            guard let specialToken = Self.bySpelling[spelling] else { return nil }
            self = specialToken
        }

        private static let bySpelling = Dictionary(
            uniqueKeysWithValues: allCases.map { ($0.spelling, $0) }
        )
    }

    package enum Kind: Sendable, Hashable {
        /// A text token.
        case text
        /// An image code.
        case image(code: Int)
        case specialToken(SpecialToken)
        /// Any other: a padded row, or a token that no document uses.
        case unused
    }

    package let count: Int
    /// The ids of text tokens: often one range, with gaps for added tokens.
    package let text: RangeSet<TokenID>
    /// The ids of image codes, empty without images; code `c` has the id `image.lowerBound + c`.
    package let image: Range<TokenID>
    package let specialTokens: [SpecialToken: TokenID]
    /// All tokens that end an answer, `end` among them if there is one.
    package let ends: Set<TokenID>
    private let specialTokensByID: [TokenID: SpecialToken]

    /// Makes a token space with one range of text.
    package init(
        count: Int,
        text: Range<TokenID>,
        image: Range<TokenID>,
        specialTokens: [SpecialToken: TokenID]
    ) {
        self.init(count: count, text: RangeSet(text), image: image, specialTokens: specialTokens)
    }

    /// Makes a token space; the sets must be disjoint and below `count`.
    package init(
        count: Int,
        text: RangeSet<TokenID>,
        image: Range<TokenID>,
        specialTokens: [SpecialToken: TokenID],
        ends: Set<TokenID> = []
    ) {
        precondition((text.ranges.last?.upperBound ?? 0) <= count && image.upperBound <= count)
        precondition(text.isDisjoint(RangeSet(image)), "text and image codes share ids")
        precondition(specialTokens.values.allSatisfy { !text.contains($0) && !image.contains($0) })
        precondition(
            Set(specialTokens.values).count == specialTokens.count,
            "two special tokens share an id"
        )
        precondition(specialTokens.values.allSatisfy { (0..<count).contains($0) })
        precondition(ends.allSatisfy { (0..<count).contains($0) && !text.contains($0) })
        specialTokensByID = Dictionary(uniqueKeysWithValues: specialTokens.map { ($1, $0) })
        self.count = count
        self.text = text
        self.image = image
        self.specialTokens = specialTokens
        self.ends = ends.union(specialTokens[.end].map { [$0] } ?? [])
    }

    /// This space without the ids from `rows` on, which are then unused.
    ///
    /// The image codes must be below `rows`.
    func limited(to rows: Int) -> TokenSpace {
        guard rows < count else { return self }
        var text = text
        text.remove(contentsOf: rows..<count)
        return TokenSpace(
            count: rows,
            text: text,
            image: image,
            specialTokens: specialTokens.filter { $0.value < rows },
            ends: ends.filter { $0 < rows }
        )
    }

    package func token(imageCode code: Int) -> TokenID {
        precondition(
            code >= 0 && code < image.count,
            "image code \(code) is not in 0..<\(image.count)"
        )
        return image.lowerBound + code
    }

    /// The kind of the token `id`; `unused` outside the vocabulary.
    package func kind(of id: TokenID) -> Kind {
        if text.contains(id) { return .text }
        if image.contains(id) { return .image(code: id - image.lowerBound) }
        return specialTokensByID[id].map(Kind.specialToken) ?? .unused
    }

    /// The id of a special token that the vocabulary must have.
    package subscript(specialToken: SpecialToken) -> TokenID {
        guard let id = specialTokens[specialToken] else {
            preconditionFailure("the vocabulary has no \(specialToken.spelling)")
        }
        return id
    }
}

extension RangeSet<TokenID> {
    package var count: Int { ranges.reduce(0) { $0 + $1.count } }
}
