package import Basics
package import Documents

/// A document as tokens, and which of them belong to which segment.
///
/// `<eos>` first; then each segment, text as its tokens and an image as `<break>` and its codes; in
/// a conversation the role's special token before each turn, and `<eos>` after each turn of the
/// assistant; `<eos>` last. An image needs no end token, since its number of codes is fixed.
package struct TokenSequence: Sendable, Equatable {
    /// The tokens of one segment.
    package struct Piece: Sendable, Equatable {
        package enum Kind: Sendable, Equatable {
            case text
            /// The codes of an image, without the `<break>` before them.
            case image
        }

        package var range: Range<Int>
        package var kind: Kind
        package var role: Role?
    }

    /// All tokens, special ones included.
    package private(set) var tokens: [TokenID] = []
    /// The segments in order, with special tokens between them.
    package private(set) var pieces: [Piece] = []

    /// Tokenizes a document.
    ///
    /// - Parameters:
    ///   - document: its texts are plain text, whatever they contain.
    ///   - space: the vocabulary.
    ///   - isPrompt: whether an answer follows: a conversation then ends with the assistant's special
    ///       token, another document without its last `<eos>`.
    ///   - text: encodes a text.
    ///   - image: encodes an image as codes.
    /// - Throws: ``MissingSpecialToken`` if the vocabulary lacks a special token that the document
    ///   needs, and what the closures throw.
    package init(
        _ document: Document,
        in space: TokenSpace,
        isPrompt: Bool = false,
        text: (String) throws -> [TokenID],
        image: (Image) throws -> [Int]
    ) throws {
        try space.checkSpecialTokens(of: document, isPrompt: isPrompt)
        tokens = [space[.end]]
        var role: Role?
        for segment in document.segments {
            if segment.role != role {
                if role == .assistant { tokens.append(space[.end]) }
                if let next = segment.role { tokens.append(space[next.specialToken]) }
                role = segment.role
            }
            switch segment.content {
            case .text(let string): append(try text(string), .text, role)
            case .image(let bitmap):
                tokens.append(space[.imageStart])
                append(try image(bitmap).map(space.token(imageCode:)), .image, role)
            }
        }
        switch (isPrompt, role) {
        case (false, _): tokens.append(space[.end])
        case (true, nil): break
        // A prompt that ends with the assistant's turn is continued.
        case (true, .assistant): break
        case (true, _): tokens.append(space[.assistant])
        }
    }

    private mutating func append(_ added: [TokenID], _ kind: Piece.Kind, _ role: Role?) {
        let start = tokens.count
        tokens += added
        pieces.append(Piece(range: start..<tokens.count, kind: kind, role: role))
    }

    /// The unconditional context of text for classifier-free guidance: each text replaced by one
    /// `<mask:0>` (CM3Leon, section 2.3).
    package func withoutText(in space: TokenSpace) -> TokenSequence {
        var result = self
        result.tokens = []
        result.pieces = []
        var copied = 0
        for piece in pieces where !piece.range.isEmpty {
            result.tokens += tokens[copied..<piece.range.lowerBound]
            let goesOn = copied == piece.range.lowerBound && result.tokens.last == space[.mask(0)]
            if piece.kind == .text, goesOn {
                copied = piece.range.upperBound
                continue
            }
            let kept = piece.kind == .text ? [space[.mask(0)]] : Array(tokens[piece.range])
            result.append(kept, piece.kind, piece.role)
            copied = piece.range.upperBound
        }
        result.tokens += tokens[copied...]
        return result
    }

    /// The unconditional context of text and images: all segments replaced by one `<mask:0>`; the
    /// first and the last special token stay.
    package func withoutAll(in space: TokenSpace) -> [TokenID] {
        guard let first = pieces.first, let last = pieces.last else { return tokens }
        let head = tokens[..<first.range.lowerBound].filter { $0 != space[.imageStart] }
        return head + [space[.mask(0)]] + tokens[last.range.upperBound...]
    }

    /// The tokens before another document, whose first `<eos>` ends this one.
    package var tokensBeforeNext: ArraySlice<TokenID> {
        tokens.count > 1 && tokens.last == tokens.first ? tokens.dropLast() : tokens[...]
    }

    package func prefix(_ count: Int) -> TokenSequence {
        guard count < tokens.count else { return self }
        var result = self
        result.tokens = Array(tokens.prefix(count))
        result.pieces = pieces.compactMap { piece in
            var piece = piece
            piece.range = piece.range.clamped(to: 0..<count)
            return piece.range.isEmpty ? nil : piece
        }
        return result
    }
}

extension Role {
    /// The special token before a turn of the role.
    package var specialToken: TokenSpace.SpecialToken {
        switch self {
        case .system: .system
        case .user: .user
        case .assistant: .assistant
        }
    }
}

/// The vocabulary lacks a special token that a document needs.
package struct MissingSpecialToken: UserError, Equatable {
    package let spelling: String
    package let need: String

    package var kind: ErrorKind { .invalidConfiguration }

    package var description: String {
        "the tokenizer has no token \(spelling), needed for \(need)"
    }
}

extension TokenSpace {
    /// Checks that the vocabulary has all special tokens of a document.
    fileprivate func checkSpecialTokens(of document: Document, isPrompt: Bool)
        throws(MissingSpecialToken)
    {
        let roles = Set(document.segments.compactMap(\.role))
        var needs: [(SpecialToken, String)] = [(.end, "every document")]
        needs += Role.allCases.filter(roles.contains).map { ($0.specialToken, "a conversation") }
        if isPrompt, !roles.isEmpty { needs.append((.assistant, "an answer")) }
        if !document.images.isEmpty { needs.append((.imageStart, "an image")) }
        for (token, need) in needs where specialTokens[token] == nil {
            throw MissingSpecialToken(spelling: token.spelling, need: need)
        }
    }
}
