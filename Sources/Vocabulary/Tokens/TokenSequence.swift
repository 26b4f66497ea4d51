package import Basics
package import Documents

/// A document as tokens, and which of them belong to which segment.
///
/// A document begins as the tokenizer begins every text, with `<eos>` in a vocabulary of ours or a
/// BOS token; then come its segments, text as its tokens and an image in its ``ImageFrame``;
/// `<eos>` ends it. A conversation is as the chat template writes it: see ``ConversationFormat``.
package struct TokenSequence: Sendable, Equatable {
    /// The tokens of one segment.
    package struct Piece: Sendable, Equatable {
        package enum Kind: Sendable, Equatable {
            case text
            /// An image, from its first code to its last.
            case image
        }

        package var range: Range<Int>
        /// The range with all that frames it: of an image from the token that opens it to the last
        /// that closes it (see ``ImageFrame``), of a text the same as ``range``.
        package var frame: Range<Int>
        package var kind: Kind
        package var role: Role?
    }

    /// All tokens, special ones included.
    package private(set) var tokens: [TokenID] = []
    /// The segments in order, with special tokens between them.
    package private(set) var pieces: [Piece] = []
    /// What the assistant says, each turn with the special token that ends it.
    package private(set) var answers: [Range<Int>] = []

    /// An empty sequence.
    package init() {}

    /// Tokenizes a document without roles.
    ///
    /// - Parameters:
    ///   - document: its texts are plain text, unless a segment says otherwise.
    ///   - space: the vocabulary.
    ///   - prefix: the tokens that begin every document.
    ///   - isPrompt: whether an answer follows: then it has no last `<eos>`.
    ///   - text: encodes a segment's text.
    ///   - image: encodes an image in its frame.
    /// - Throws: ``MissingSpecialToken`` if the vocabulary lacks a special token that the document
    ///   needs, and what the closures throw.
    package init(
        _ document: Document,
        in space: TokenSpace,
        prefix: [TokenID],
        isPrompt: Bool = false,
        text: (String, Segment) throws -> [TokenID],
        image: (Image) throws -> FramedImage
    ) throws {
        try space.check(.end, isNeeded: true, "every document")
        tokens = prefix
        for segment in document.segments {
            switch segment.content {
            case .text(let string):
                let start = tokens.count
                tokens += try text(string, segment)
                addPiece(start..<tokens.count, segment.role)
            case .image(let bitmap):
                var framed = try image(bitmap)
                framed.altText = try space.altText(of: segment) { try text($0, .text($0)) }
                appendImage(framed, role: segment.role)
            }
        }
        if !isPrompt || tokens.isEmpty { tokens.append(space[.end]) }
    }

    // MARK: - Building

    /// Appends tokens that belong to no segment.
    package mutating func append(_ added: [TokenID]) { tokens += added }

    /// Appends an image, its alternative text before it as a text of its own.
    package mutating func appendImage(_ image: FramedImage, role: Role?) {
        tokens += image.altText
        let start = tokens.count
        if image.altText.count > 1 { addPiece(start - image.altText.count + 1..<start, role) }
        tokens += image.tokens
        pieces.append(
            Piece(
                range: image.codes.shifted(by: start),
                frame: start..<tokens.count,
                kind: .image,
                role: role
            )
        )
    }

    /// Inserts a token between two segments, which begins the answer that comes next.
    mutating func insert(_ token: TokenID, beginningAnswerAt place: Int) {
        tokens.insert(token, at: place)
        pieces = pieces.map { $0.range.lowerBound < place ? $0 : $0.shifted(by: 1) }
        let next = answers.firstIndex { $0.upperBound > place }
        answers = answers.map { $0.upperBound > place ? $0.shifted(by: 1) : $0 }
        if let next { answers[next] = place..<answers[next].upperBound }
    }

    /// Says that a range of the tokens is a text.
    package mutating func addPiece(_ range: Range<Int>, _ role: Role?) {
        insert(Piece(range: range, frame: range, kind: .text, role: role))
    }

    /// Says that a range of the tokens is what the assistant says.
    package mutating func addAnswer(_ range: Range<Int>) { answers.append(range) }

    /// Says that all text between special tokens and the pieces so far are texts without roles.
    mutating func addTextPieces(in space: TokenSpace) {
        var start: Int?
        let frames = pieces.map(\.frame)
        for (place, token) in (tokens + [space[.end]]).enumerated() {
            // A frame may say the size of its image as text.
            if space.text.contains(token), !frames.contains(where: { $0.contains(place) }) {
                start = start ?? place
            } else if let first = start {
                addPiece(first..<place, nil)
                start = nil
            }
        }
    }

    /// Inserts a piece in the order of the tokens.
    private mutating func insert(_ piece: Piece) {
        let place = pieces.firstIndex { $0.range.lowerBound >= piece.range.upperBound }
        pieces.insert(piece, at: place ?? pieces.count)
    }

    // MARK: - Without content

    /// The unconditional context of text for classifier-free guidance: each text replaced by one
    /// `<mask:0>` (CM3Leon, section 2.3).
    package func withoutText(in space: TokenSpace) -> TokenSequence {
        var result = TokenSequence()
        var copied = 0
        for piece in pieces where !piece.frame.isEmpty {
            result.tokens += tokens[copied..<piece.frame.lowerBound]
            let goesOn = copied == piece.frame.lowerBound && result.tokens.last == space[.mask(0)]
            copied = piece.frame.upperBound
            if piece.kind == .image {
                let shift = result.tokens.count - piece.frame.lowerBound
                result.tokens += tokens[piece.frame]
                result.pieces.append(piece.shifted(by: shift))
            } else if !goesOn {
                result.tokens.append(space[.mask(0)])
                let range = result.tokens.count - 1..<result.tokens.count
                result.pieces.append(
                    Piece(range: range, frame: range, kind: .text, role: piece.role)
                )
            }
        }
        result.tokens += tokens[copied...]
        return result
    }

    /// The unconditional context of text and images: all segments replaced by one `<mask:0>`; the
    /// tokens before the first and after the last stay.
    package func withoutAll(in space: TokenSpace) -> [TokenID] {
        guard let first = pieces.first, let last = pieces.last else { return tokens }
        var head = tokens[..<first.frame.lowerBound]
        if let altText = space.specialTokens[.altText], head.last == altText { head.removeLast() }
        return head + [space[.mask(0)]] + tokens[last.frame.upperBound...]
    }

    /// The tokens before another document, whose first `<eos>` ends this one.
    package var tokensBeforeNext: ArraySlice<TokenID> {
        tokens.count > 1 && tokens.last == tokens.first ? tokens.dropLast() : tokens[...]
    }

    package func prefix(_ count: Int) -> TokenSequence {
        guard count < tokens.count else { return self }
        var result = self
        result.tokens = Array(tokens.prefix(count))
        result.answers = answers.map { $0.clamped(to: 0..<count) }.filter { !$0.isEmpty }
        result.pieces = pieces.compactMap { piece in
            var piece = piece
            piece.range = piece.range.clamped(to: 0..<count)
            piece.frame = piece.frame.clamped(to: 0..<count)
            return piece.range.isEmpty ? nil : piece
        }
        return result
    }
}

extension TokenSequence.Piece {
    fileprivate func shifted(by count: Int) -> Self {
        var piece = self
        piece.range = range.shifted(by: count)
        piece.frame = frame.shifted(by: count)
        return piece
    }
}

extension Range<Int> {
    fileprivate func shifted(by count: Int) -> Range<Int> {
        lowerBound + count..<upperBound + count
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
    /// `<alt>`, the tokens of what an image shows, by `encode`, and the token that ends the line; none
    /// without such a text, or in a vocabulary without `<alt>`.
    func altText(of segment: Segment, encode: (String) throws -> [TokenID]) rethrows -> [TokenID] {
        guard let start = specialTokens[.altText], let text = segment.altText, !text.isBlank else {
            return []
        }
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return [start] + (try encode(line)) + (try lineEnd(encode).map { [$0] } ?? [])
    }

    /// The token of the line feed that ends a line; `nil` in a vocabulary without one.
    package func lineEnd(_ encode: (String) throws -> [TokenID]) rethrows -> TokenID? {
        let (line, word) = (try encode("a\n"), try encode("a"))
        return line.count == word.count + 1 && line.starts(with: word) ? line.last : nil
    }

    /// Refuses a vocabulary without a special token that is needed.
    func check(_ token: SpecialToken, isNeeded: Bool, _ need: String)
        throws(MissingSpecialToken)
    {
        guard !isNeeded || specialTokens[token] != nil else {
            throw MissingSpecialToken(spelling: token.spelling, need: need)
        }
    }
}
