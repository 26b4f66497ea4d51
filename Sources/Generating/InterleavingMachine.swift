package import Vocabulary

/// A state machine that says which tokens can come next in an answer.
///
/// An answer is text until a token opens an image, or its alternative text before it, then that image
/// in its frame, then text again, until `<eos>` (JAM, section 3.2). An image begins only if one and
/// `<eos>` fit into the rest of the context, and is of a size that does; space for required images is
/// reserved. So no image is truncated, and an answer that ends has all the images that were asked for.
/// Where a vocabulary has `<draw>`, the first token of an answer decides whether it has images: behind
/// `<draw>` at once, behind `<tell>` after words.
package struct InterleavingMachine: ~Copyable, Sendable {
    /// Where a model begins to write.
    package enum Start: Sendable {
        /// Behind the beginning of a document.
        case document
        /// Where an answer begins, and its first token decides whether it has images.
        case answer
        /// Behind the beginning of an answer.
        case continuedAnswer
    }

    /// What the next token belongs to.
    package enum Phase: Sendable, Equatable {
        /// A text, also before its first token.
        case text
        /// The alternative text of the image that follows it.
        case altText
        /// The beginning of an image, up to its first code.
        case header
        /// The codes of an image and the ends of its rows; so many codes are to come.
        case image(codesLeft: Int)
        /// The end of an image, after its last code.
        case closing
        /// After the end.
        case finished(Answer.FinishReason)
    }

    /// What a token is.
    package enum Element: Sendable, Equatable {
        /// A token of a text.
        case text
        /// `<draw>` or `<tell>`, which begins an answer with images.
        case decision
        /// The token that begins an alternative text.
        case altStart
        /// A token of an alternative text.
        case altText
        /// The token that begins an image.
        case imageStart
        /// Another token of a frame.
        case frame
        /// The image code `code`; `isLast` completes its image.
        case code(Int, isLast: Bool)
        /// `<eos>`, or another token that ends an answer.
        case end
    }

    /// What the next token belongs to.
    package private(set) var phase: Phase
    /// The number of images begun.
    package private(set) var imageCount = 0
    /// The number of text tokens, without those of alternative texts.
    package private(set) var textCount = 0
    /// The size of the image that is being drawn, once it is known.
    package var imageSize: GridSize? { walk?.size }

    private let space: TokenSpace
    private let ends: Set<TokenID>
    private let frames: FrameHeaders?
    private var images: ClosedRange<Int>
    private let maximumTextTokens: Int
    /// Whether an image begins with its alternative text wherever that fits.
    private let saysAltTexts: Bool
    private var room: Int
    private var walk: FrameWalk?
    /// Whether the next token decides if there are images.
    private var isDeciding = false
    /// `<draw>` or `<tell>`, if it is the last token: it says what is next.
    private var decision: TokenSpace.SpecialToken?
    /// The token that ends an alternative text; any may where it is `nil`.
    private let lineEnd: TokenID?
    private let endsLine: @Sendable (TokenID) -> Bool
    /// The tokens of the alternative text so far.
    private var altCount = 0
    /// Whether the alternative text has ended.
    private var altIsComplete = false
    /// The most tokens of an alternative text.
    static let longestAltText = 48

    /// The state before the first token of an answer.
    ///
    /// - Parameters:
    ///   - space: the vocabulary; it needs `<eos>`. All its ``TokenSpace/ends`` end an answer.
    ///   - ends: further tokens that do, such as what ends a turn in a chat template.
    ///   - frames: the images that are possible; `nil` if none are.
    ///   - images: how many images there must and may be.
    ///   - start: where the model begins to write. In a conversation each image begins with its
    ///     alternative text, if the vocabulary has a token for it and that fits; otherwise it is free
    ///     to.
    ///   - lineEnd: the token that ends an alternative text where it is too long.
    ///   - endsLine: whether a text token ends a line, and so an alternative text.
    ///   - maximumTextTokens: the most text tokens of all texts together.
    ///   - room: the free tokens of the context, at least ``leastRoom(for:_:)``.
    package init(
        space: TokenSpace,
        ends: Set<TokenID> = [],
        frames: FrameHeaders?,
        images: ClosedRange<Int>,
        start: Start = .document,
        lineEnd: TokenID? = nil,
        endsLine: @escaping @Sendable (TokenID) -> Bool = { _ in false },
        maximumTextTokens: Int,
        room: Int
    ) {
        precondition(images.upperBound == 0 || frames != nil, "an image has a frame")
        precondition(room >= Self.leastRoom(for: images, frames), "the required images do not fit")
        self.space = space
        // No token that an answer consists of ends it.
        self.ends = space.ends.union(ends).subtracting(frames?.layout.tokens ?? []).filter {
            !space.text.contains($0) && !space.image.contains($0)
        }
        self.frames = frames
        self.images = images
        saysAltTexts = start != .document && space.specialTokens[.altText] != nil
        self.lineEnd = lineEnd
        self.endsLine = endsLine
        self.maximumTextTokens = maximumTextTokens
        self.room = room
        phase = .text
        isDeciding = start == .answer && space.specialTokens[.drawing] != nil && canDescribe
        finishWhereNothingCanFollow()
    }

    /// The state before the first of the codes that fill a mask: the answer ends with the last.
    package init(
        space: TokenSpace,
        _ layout: FrameLayout,
        filling codes: Range<Int>,
        of size: GridSize
    ) {
        precondition(!codes.isEmpty, "a mask has a code")
        self.space = space
        ends = space.ends
        frames = nil
        images = 1...1
        maximumTextTokens = 0
        saysAltTexts = false
        lineEnd = nil
        endsLine = { _ in false }
        room = size.height * (size.width + 1)
        walk = FrameWalk(layout, filling: codes, of: size)
        phase = .image(codesLeft: codes.count)
        imageCount = 1
    }

    /// The tokens of the shortest answer: its images, or one token, and `<eos>`.
    package static func leastRoom(for images: ClosedRange<Int>, _ frames: FrameHeaders?) -> Int {
        max(1, images.lowerBound * (frames?.smallest ?? 0)) + 1
    }

    /// The tokens that can come next, in rising order; none after the end.
    package var allowed: [Range<TokenID>] {
        if let walk {
            return walk.allowed.map { $0.map { $0..<$0 + 1 } } ?? [space.image]
        }
        var ranges: [Range<TokenID>] = []
        func allow(_ token: TokenID?) { if let token { ranges.append(token..<token + 1) } }
        switch phase {
        case .text where isDeciding:
            if canDescribe { allow(space.specialTokens[.drawing]) }
            if canSpeakAndDraw { allow(space.specialTokens[.telling]) }
            if owedCount == 0 {
                if canSpeak { ranges += space.text.ranges }
                ends.forEach(allow)
            }
        case .text where decision == .telling: ranges += space.text.ranges
        case .text where decision == .drawing:
            allow(canDescribe ? space.specialTokens[.altText] : nil)
            if ranges.isEmpty { allow(frames?.layout.start) }
        case .text:
            if canSpeak { ranges += space.text.ranges }
            if canDraw, !saysAltTexts || !canDescribe { allow(frames?.layout.start) }
            if canDescribe { allow(space.specialTokens[.altText]) }
            if owedCount == 0 { ends.forEach(allow) }
        case .altText:
            if canDescribe, !altIsComplete, altCount < Self.longestAltText {
                // The last place is the end's.
                let isLast = lineEnd != nil && altCount + 1 == Self.longestAltText
                if isLast { allow(lineEnd) } else { ranges += altTextRanges }
                if lineEnd == nil { allow(frames?.layout.start) }
            } else {
                allow(frames?.layout.start)
            }
        case .header, .image, .closing, .finished: break
        }
        return ranges.sorted { $0.lowerBound < $1.lowerBound }
    }

    /// The only token that is possible in the frame of an image, such as the end of a row: nothing is
    /// to be chosen.
    package var forced: TokenID? {
        guard let tokens = walk?.allowed, tokens.count == 1 else { return nil }
        return tokens[0]
    }

    /// Advances by a token, which must be ``allowed``.
    package mutating func advance(by token: TokenID) -> Element {
        precondition(allowed.contains { $0.contains(token) }, "token \(token) is not allowed here")
        decision = isDeciding ? decide(by: token) : nil
        if walk == nil, token == frames?.layout.start { beginImage() }
        room -= 1
        if walk != nil { return advanceImage(by: token) }
        if decision != nil { return .decision }
        if ends.contains(token) {
            phase = .finished(.end)
            return .end
        }
        if token == space.specialTokens[.altText] {
            phase = .altText
            altCount = 0
            altIsComplete = false
            return .altStart
        }
        if phase == .altText {
            altCount += 1
            altIsComplete = token == lineEnd || endsLine(token)
            return .altText
        }
        textCount += 1
        finishWhereNothingCanFollow()
        return .text
    }

    /// Ends the answer.
    package mutating func cancel() {
        phase = .finished(.cancelled)
        walk = nil
    }

    /// Decides by the first token whether there are images; `nil` if there are none.
    private mutating func decide(by token: TokenID) -> TokenSpace.SpecialToken? {
        isDeciding = false
        let decisions: [TokenSpace.SpecialToken] = [.drawing, .telling]
        let decision = decisions.first { space.specialTokens[$0] == token }
        images = decision == nil ? 0...0 : max(1, images.lowerBound)...images.upperBound
        return decision
    }

    // MARK: - Images

    private mutating func beginImage() {
        guard let frames else { preconditionFailure("an image has a frame") }
        let others = places(of: max(1, owedCount) - 1)
        walk = FrameWalk(frames.layout, frames.fitting(room - others))
        phase = .header
        imageCount += 1
    }

    private mutating func advanceImage(by token: TokenID) -> Element {
        let isFirst = walk?.isAtStart == true
        let step = walk?.advance(by: token)
        let codesLeft = walk?.codesLeft
        if walk?.isComplete == true {
            walk = nil
            phase = .text
            finishWhereNothingCanFollow()
        } else if let codesLeft {
            phase = codesLeft > 0 ? .image(codesLeft: codesLeft) : .closing
        }
        guard step == .code else { return isFirst ? .imageStart : .frame }
        return .code(token - space.image.lowerBound, isLast: codesLeft == 0)
    }

    // MARK: - Rules of a text

    private var owedCount: Int { max(0, images.lowerBound - imageCount) }

    /// The tokens of the smallest images and `<eos>`.
    private func places(of count: Int) -> Int { count * (frames?.smallest ?? 0) + 1 }

    private var canSpeak: Bool {
        textCount < maximumTextTokens && room > places(of: owedCount)
    }

    private var canDraw: Bool {
        imageCount < images.upperBound && room >= places(of: max(1, owedCount))
    }

    /// Whether a token of an alternative text leaves room for its image.
    private var canDescribe: Bool {
        imageCount < images.upperBound && room > places(of: max(1, owedCount))
    }

    /// Whether `<tell>`, a word and an image fit.
    private var canSpeakAndDraw: Bool {
        textCount < maximumTextTokens && imageCount < images.upperBound
            && room > places(of: max(1, owedCount)) + 1
    }

    /// The text tokens of an alternative text, which does not end before it begins.
    private var altTextRanges: RangeSet<TokenID>.Ranges {
        guard altCount == 0, let lineEnd else { return space.text.ranges }
        return space.text.subtracting(RangeSet(lineEnd..<lineEnd + 1)).ranges
    }

    private mutating func finishWhereNothingCanFollow() {
        guard phase == .text, owedCount == 0 else { return }
        if maximumTextTokens == 0, imageCount == images.upperBound {
            phase = .finished(.end)
        } else if !canSpeak, !canDraw || maximumTextTokens > 0 {
            // A truncated text is not followed by an image that nobody asked for.
            phase = .finished(.length)
        }
    }
}
