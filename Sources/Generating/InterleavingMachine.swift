package import Vocabulary

/// A state machine that says which tokens can come next in an answer.
///
/// An answer is text until `<break>`, then exactly N codes, then text again, until `<eos>` (JAM,
/// section 3.2). An image begins only if it and `<eos>` fit into the rest of the context, and space
/// for required images is reserved. So no image is truncated, and an answer that ends has all the
/// images that were asked for.
package struct InterleavingMachine: ~Copyable, Sendable {
    /// What the next token belongs to.
    package enum Phase: Sendable, Equatable {
        /// A text, also before its first token.
        case text
        /// An image that still needs this many codes.
        case image(codesLeft: Int)
        /// After the end.
        case finished(Answer.FinishReason)
    }

    /// What a token is.
    package enum Element: Sendable, Equatable {
        /// A token of a text.
        case text
        /// `<break>`.
        case imageStart
        /// The image code `code`; `isLast` completes its image.
        case code(Int, isLast: Bool)
        /// `<eos>`.
        case end
    }

    /// What the next token belongs to.
    package private(set) var phase: Phase
    /// The number of images begun.
    package private(set) var imageCount = 0
    /// The number of text tokens.
    package private(set) var textCount = 0

    private let space: TokenSpace
    private let codesPerImage: Int
    private let images: ClosedRange<Int>
    private let maximumTextTokens: Int
    private var room: Int

    /// The state before the first token of an answer.
    ///
    /// - Parameters:
    ///   - space: the vocabulary; it needs `<eos>`, and `<break>` where images are possible.
    ///   - codesPerImage: N.
    ///   - images: how many images there must and may be.
    ///   - maximumTextTokens: the most text tokens of all texts together.
    ///   - room: the free tokens of the context, at least ``leastRoom(for:codesPerImage:)``.
    package init(
        space: TokenSpace,
        codesPerImage: Int,
        images: ClosedRange<Int>,
        maximumTextTokens: Int,
        room: Int
    ) {
        precondition(images.upperBound == 0 || codesPerImage > 0, "an image has codes")
        precondition(
            room >= Self.leastRoom(for: images, codesPerImage: codesPerImage),
            "the required images do not fit"
        )
        self.space = space
        self.codesPerImage = codesPerImage
        self.images = images
        self.maximumTextTokens = maximumTextTokens
        self.room = room
        phase = .text
        finishWhereNothingCanFollow()
    }

    /// The state before the first of `count` codes that fill a mask: the answer ends with them.
    package init(space: TokenSpace, filling count: Int) {
        precondition(count > 0, "a mask has a code")
        self.space = space
        codesPerImage = count
        images = 1...1
        maximumTextTokens = 0
        room = count
        phase = .image(codesLeft: count)
        imageCount = 1
    }

    /// The tokens of the shortest answer: its images, or one token, and `<eos>`.
    package static func leastRoom(for images: ClosedRange<Int>, codesPerImage: Int) -> Int {
        max(1, images.lowerBound * (codesPerImage + 1)) + 1
    }

    /// The tokens that can come next, in rising order; none after the end.
    package var allowed: [Range<TokenID>] {
        switch phase {
        case .finished: return []
        case .image: return [space.image]
        case .text:
            var ranges: [Range<TokenID>] = []
            if canSpeak { ranges += space.text.ranges }
            if canDraw { ranges.append(single(.imageStart)) }
            if owedCount == 0 { ranges.append(single(.end)) }
            return ranges.sorted { $0.lowerBound < $1.lowerBound }
        }
    }

    /// Advances by a token, which must be ``allowed``.
    package mutating func advance(by token: TokenID) -> Element {
        precondition(allowed.contains { $0.contains(token) }, "token \(token) is not allowed here")
        room -= 1
        if case .image(let codesLeft) = phase {
            phase = codesLeft > 1 ? .image(codesLeft: codesLeft - 1) : .text
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
        imageCount += 1
        phase = .image(codesLeft: codesPerImage)
        return .imageStart
    }

    /// Ends the answer.
    package mutating func cancel() {
        phase = .finished(.cancelled)
    }

    // MARK: - Rules of a text

    private var owedCount: Int { max(0, images.lowerBound - imageCount) }

    private func places(of count: Int) -> Int { count * (codesPerImage + 1) + 1 }

    private var canSpeak: Bool {
        textCount < maximumTextTokens && room > places(of: owedCount)
    }

    private var canDraw: Bool {
        imageCount < images.upperBound && room >= places(of: max(1, owedCount))
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

    private func single(_ specialToken: TokenSpace.SpecialToken) -> Range<TokenID> {
        space[specialToken]..<space[specialToken] + 1
    }
}
