public import Vocabulary

/// Why an answer ended.
public enum FinishReason: String, Sendable, Equatable {
    /// The model said that it is done, or everything asked for is there.
    case end
    /// The text tokens or the places of the context are used up.
    case length
    /// The caller no longer wants the answer.
    case cancelled
}

/// Says at every moment of an answer which tokens may come next.
///
/// An answer is text until `<break>`, then exactly N codes, then text again, until `<eos>` (JAM,
/// section 3.2). A picture begins only where it fits, with `<eos>` after it, into what is left of the
/// context; the places of pictures that are still owed are kept free. So a picture is never cut,
/// and an answer that ends has all the pictures asked for.
public struct InterleavingMachine: ~Copyable, Sendable {
    /// Where in an answer the next token stands.
    public enum Phase: Sendable, Equatable {
        /// In a text, also before its first token.
        case text
        /// In a picture that still needs this many codes.
        case picture(codesLeft: Int)
        /// After the end.
        case finished(FinishReason)
    }

    /// What a token turned out to be.
    public enum Element: Sendable, Equatable {
        /// A token of a text.
        case text
        /// `<break>`.
        case pictureStart
        /// The image code `code`; `isLast` completes its picture.
        case code(Int, isLast: Bool)
        /// `<eos>`.
        case end
    }

    /// Where the next token stands.
    public private(set) var phase: Phase
    /// The pictures begun so far.
    public private(set) var pictureCount = 0
    /// The text tokens so far.
    public private(set) var textCount = 0

    private let space: TokenSpace
    private let codesPerPicture: Int
    private let pictures: PictureCount
    private let maximumTextTokens: Int
    private var room: Int

    /// The state before the first token of an answer.
    ///
    /// - Parameters:
    ///   - space: the vocabulary; it needs `<eos>`, and `<break>` where pictures are possible.
    ///   - codesPerPicture: N.
    ///   - pictures: how many pictures there may and must be.
    ///   - maximumTextTokens: the most text tokens of all texts together.
    ///   - room: the free places of the context, at least ``leastRoom(for:codesPerPicture:)``.
    public init(
        space: TokenSpace,
        codesPerPicture: Int,
        pictures: PictureCount,
        maximumTextTokens: Int,
        room: Int
    ) {
        precondition(pictures.maximum == 0 || codesPerPicture > 0, "a picture has codes")
        precondition(
            room >= Self.leastRoom(for: pictures, codesPerPicture: codesPerPicture),
            "the pictures asked for do not fit"
        )
        self.space = space
        self.codesPerPicture = codesPerPicture
        self.pictures = pictures
        self.maximumTextTokens = maximumTextTokens
        self.room = room
        phase = .text
        finishWhereNothingCanFollow()
    }

    /// The state before the first of `count` codes that fill a hole in a picture: the answer ends
    /// with them.
    public init(space: TokenSpace, filling count: Int) {
        precondition(count > 0, "a hole has a code")
        self.space = space
        codesPerPicture = count
        pictures = .one
        maximumTextTokens = 0
        room = count
        phase = .picture(codesLeft: count)
        pictureCount = 1
    }

    /// The places that the shortest answer takes: its pictures, or one token, and `<eos>`.
    public static func leastRoom(for pictures: PictureCount, codesPerPicture: Int) -> Int {
        max(1, pictures.minimum * (codesPerPicture + 1)) + 1
    }

    /// The tokens that may come next, in rising order; none after the end.
    public var allowed: [Range<TokenID>] {
        switch phase {
        case .finished: return []
        case .picture: return [space.image]
        case .text:
            var ranges: [Range<TokenID>] = []
            if canSpeak { ranges += space.text.ranges }
            if canDraw { ranges.append(single(.pictureStart)) }
            if owedCount == 0 { ranges.append(single(.end)) }
            return ranges.sorted { $0.lowerBound < $1.lowerBound }
        }
    }

    /// Goes on by a token, which must be an ``allowed`` one.
    public mutating func advance(by token: TokenID) -> Element {
        precondition(allowed.contains { $0.contains(token) }, "token \(token) is not allowed here")
        room -= 1
        if case .picture(let codesLeft) = phase {
            phase = codesLeft > 1 ? .picture(codesLeft: codesLeft - 1) : .text
            finishWhereNothingCanFollow()
            return .code(token - space.image.lowerBound, isLast: codesLeft == 1)
        }
        if space.text.contains(token) {
            textCount += 1
            finishWhereNothingCanFollow()
            return .text
        }
        if token == space[.end] {
            phase = .finished(.end)
            return .end
        }
        pictureCount += 1
        phase = .picture(codesLeft: codesPerPicture)
        return .pictureStart
    }

    /// Ends the answer where it is.
    public mutating func cancel() {
        phase = .finished(.cancelled)
    }

    // MARK: - Rules of a text

    private var owedCount: Int { max(0, pictures.minimum - pictureCount) }

    private func places(of count: Int) -> Int { count * (codesPerPicture + 1) + 1 }

    private var canSpeak: Bool {
        textCount < maximumTextTokens && room > places(of: owedCount)
    }

    private var canDraw: Bool {
        pictureCount < pictures.maximum && room >= places(of: max(1, owedCount))
    }

    private mutating func finishWhereNothingCanFollow() {
        guard phase == .text, owedCount == 0 else { return }
        if maximumTextTokens == 0, pictureCount == pictures.maximum {
            phase = .finished(.end)
        } else if !canSpeak, !canDraw || maximumTextTokens > 0 {
            // A text that was cut is not followed by a picture that nobody asked for.
            phase = .finished(.length)
        }
    }

    private func single(_ marker: TokenSpace.Marker) -> Range<TokenID> {
        space[marker]..<space[marker] + 1
    }
}
