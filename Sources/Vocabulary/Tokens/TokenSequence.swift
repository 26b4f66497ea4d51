public import Basics
public import Documents

/// A document as tokens, with what each stretch of them is.
///
/// `<eos>` first; then each segment, a text as its tokens and a picture as `<break>` and its codes;
/// in a conversation the speaker's marker before what the speaker says, and `<eos>` after what the
/// assistant says; `<eos>` last. A picture ends by itself, since its number of codes is fixed.
public struct TokenSequence: Sendable, Equatable {
    /// A stretch of tokens that belong together.
    public struct Piece: Sendable, Equatable {
        /// What a stretch is.
        public enum Kind: Sendable, Equatable {
            /// The tokens of one text segment.
            case text
            /// The codes of one picture; its `<break>` stands before.
            case picture
        }

        /// Where the stretch is.
        public var range: Range<Int>
        /// What it is.
        public var kind: Kind
        /// Who says it.
        public var speaker: Speaker?
    }

    /// The tokens, markers included.
    public private(set) var tokens: [TokenID] = []
    /// The stretches in order; markers stand between them.
    public private(set) var pieces: [Piece] = []

    /// Turns a document into tokens.
    ///
    /// - Parameters:
    ///   - document: the segments; texts are plain text whatever they spell.
    ///   - space: where the markers and the image codes are.
    ///   - isPrompt: whether an answer is to follow: then the assistant's marker stands at the end of
    ///     a conversation, and nothing at the end of another document, in place of `<eos>`.
    ///   - text: the tokens of a text.
    ///   - picture: the codes of a picture.
    /// - Throws: ``MissingMarker`` if the vocabulary lacks a marker that the document needs, and what
    ///   the closures throw.
    public init(
        _ document: Document,
        in space: TokenSpace,
        isPrompt: Bool = false,
        text: (String) throws -> [TokenID],
        picture: (Picture) throws -> [Int]
    ) throws {
        try space.checkMarkers(of: document, isPrompt: isPrompt)
        tokens = [space[.end]]
        var speaker: Speaker?
        for segment in document.segments {
            if segment.speaker != speaker {
                if speaker == .assistant { tokens.append(space[.end]) }
                if let next = segment.speaker { tokens.append(space[next.marker]) }
                speaker = segment.speaker
            }
            switch segment.content {
            case .text(let string): append(try text(string), .text, speaker)
            case .picture(let bitmap):
                tokens.append(space[.pictureStart])
                append(try picture(bitmap).map(space.token(imageCode:)), .picture, speaker)
            }
        }
        switch (isPrompt, speaker) {
        case (false, _): tokens.append(space[.end])
        case (true, nil): break
        // A prompt that ends with the assistant's words is to be continued.
        case (true, .assistant): break
        case (true, _): tokens.append(space[.assistant])
        }
    }

    private mutating func append(_ added: [TokenID], _ kind: Piece.Kind, _ speaker: Speaker?) {
        let start = tokens.count
        tokens += added
        pieces.append(Piece(range: start..<tokens.count, kind: kind, speaker: speaker))
    }

    /// The sequence with each stretch of text replaced by one `<mask:0>`: what classifier-free
    /// guidance compares with (CM3Leon, section 2.3).
    public func withoutText(in space: TokenSpace) -> TokenSequence {
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
            result.append(kept, piece.kind, piece.speaker)
            copied = piece.range.upperBound
        }
        result.tokens += tokens[copied...]
        return result
    }

    /// The tokens with everything that is said and shown as one `<mask:0>`: what guidance by text and
    /// picture compares with; the first and the last marker stay.
    public func withoutAll(in space: TokenSpace) -> [TokenID] {
        guard let first = pieces.first, let last = pieces.last else { return tokens }
        let head = tokens[..<first.range.lowerBound].filter { $0 != space[.pictureStart] }
        return head + [space[.mask(0)]] + tokens[last.range.upperBound...]
    }

    /// The tokens as they stand before another document, whose first `<eos>` ends this one.
    public var tokensBeforeNext: ArraySlice<TokenID> {
        tokens.count > 1 && tokens.last == tokens.first ? tokens.dropLast() : tokens[...]
    }

    /// The first tokens, at most `count`.
    public func prefix(_ count: Int) -> TokenSequence {
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

extension Speaker {
    /// The marker before what the speaker says.
    public var marker: TokenSpace.Marker {
        switch self {
        case .system: .system
        case .user: .user
        case .assistant: .assistant
        }
    }
}

/// A marker that a document needs and the vocabulary lacks.
public struct MissingMarker: UserError, Equatable {
    /// How the marker is spelled.
    public let spelling: String
    /// What needs it.
    public let need: String

    /// The tokenizer does not fit the data.
    public var exitCode: ExitCode { .configuration }

    /// What is missing, and for what.
    public var description: String {
        "the tokenizer has no token \(spelling), which \(need) needs"
    }
}

extension TokenSpace {
    /// Refuses a document that needs a marker which is not there.
    fileprivate func checkMarkers(of document: Document, isPrompt: Bool) throws(MissingMarker) {
        func need(_ marker: Marker, _ need: String) throws(MissingMarker) {
            guard markers[marker] != nil else {
                throw MissingMarker(spelling: marker.spelling, need: need)
            }
        }
        try need(.end, "every document")
        let speakers = Set(document.segments.compactMap(\.speaker))
        for speaker in Speaker.allCases where speakers.contains(speaker) {
            try need(speaker.marker, "a conversation")
        }
        if isPrompt, !speakers.isEmpty { try need(.assistant, "an answer") }
        if !document.pictures.isEmpty { try need(.pictureStart, "a picture") }
    }
}
