package import Basics
package import Documents

/// A document as tokens, with what each stretch of them is.
///
/// `<eos>` first; then each segment, a text as its tokens and an image as `<break>` and its codes;
/// in a conversation the role's special token before what the role says, and `<eos>` after what the
/// assistant says; `<eos>` last. An image ends by itself, since its number of codes is fixed.
package struct TokenSequence: Sendable, Equatable {
    /// A stretch of tokens that belong together.
    package struct Piece: Sendable, Equatable {
        /// What a stretch is.
        package enum Kind: Sendable, Equatable {
            /// The tokens of one text segment.
            case text
            /// The codes of one image; its `<break>` stands before.
            case image
        }

        /// Where the stretch is.
        package var range: Range<Int>
        /// What it is.
        package var kind: Kind
        /// Who says it.
        package var role: Role?
    }

    /// The tokens, special tokens included.
    package private(set) var tokens: [TokenID] = []
    /// The stretches in order; special tokens stand between them.
    package private(set) var pieces: [Piece] = []

    /// Turns a document into tokens.
    ///
    /// - Parameters:
    ///   - document: the segments; texts are plain text whatever they spell.
    ///   - space: where the special tokens and the image codes are.
    ///   - isPrompt: whether an answer is to follow: then the assistant's special token stands at the end of
    ///     a conversation, and nothing at the end of another document, in place of `<eos>`.
    ///   - text: the tokens of a text.
    ///   - image: the codes of an image.
    /// - Throws: ``MissingMarker`` if the vocabulary lacks a special token that the document needs, and what
    ///   the closures throw.
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
        // A prompt that ends with the assistant's words is to be continued.
        case (true, .assistant): break
        case (true, _): tokens.append(space[.assistant])
        }
    }

    private mutating func append(_ added: [TokenID], _ kind: Piece.Kind, _ role: Role?) {
        let start = tokens.count
        tokens += added
        pieces.append(Piece(range: start..<tokens.count, kind: kind, role: role))
    }

    /// The sequence with each stretch of text replaced by one `<mask:0>`: what classifier-free
    /// guidance compares with (CM3Leon, section 2.3).
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

    /// The tokens with everything that is said and shown as one `<mask:0>`: what guidance by text and
    /// image compares with; the first and the last special token stay.
    package func withoutAll(in space: TokenSpace) -> [TokenID] {
        guard let first = pieces.first, let last = pieces.last else { return tokens }
        let head = tokens[..<first.range.lowerBound].filter { $0 != space[.imageStart] }
        return head + [space[.mask(0)]] + tokens[last.range.upperBound...]
    }

    /// The tokens as they stand before another document, whose first `<eos>` ends this one.
    package var tokensBeforeNext: ArraySlice<TokenID> {
        tokens.count > 1 && tokens.last == tokens.first ? tokens.dropLast() : tokens[...]
    }

    /// The first tokens, at most `count`.
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
    /// The special token before what the role says.
    package var specialToken: TokenSpace.SpecialToken {
        switch self {
        case .system: .system
        case .user: .user
        case .assistant: .assistant
        }
    }
}

/// A special token that a document needs and the vocabulary lacks.
package struct MissingSpecialToken: UserError, Equatable {
    /// How the special token is spelled.
    package let spelling: String
    /// What needs it.
    package let need: String

    package var kind: ErrorKind { .invalidConfiguration }

    /// What is missing, and for what.
    package var description: String {
        "the tokenizer has no token \(spelling), which \(need) needs"
    }
}

extension TokenSpace {
    /// Refuses a document that needs a special token which is not there.
    fileprivate func checkSpecialTokens(of document: Document, isPrompt: Bool)
        throws(MissingSpecialToken)
    {
        func need(_ specialToken: SpecialToken, _ need: String) throws(MissingSpecialToken) {
            guard specialTokens[specialToken] != nil else {
                throw MissingSpecialToken(spelling: specialToken.spelling, need: need)
            }
        }
        try need(.end, "every document")
        let roles = Set(document.segments.compactMap(\.role))
        for role in Role.allCases where roles.contains(role) {
            try need(role.specialToken, "a conversation")
        }
        if isPrompt, !roles.isEmpty { try need(.assistant, "an answer") }
        if !document.images.isEmpty { try need(.imageStart, "an image") }
    }
}
