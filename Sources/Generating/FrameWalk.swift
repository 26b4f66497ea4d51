internal import Vocabulary

/// The way through the frame of one image, token by token.
///
/// 1. The header: what opens the image and says its size. More than one token may be possible as long
///    as the size is open.
/// 2. The codes, with the ends of rows at their places.
/// 3. What closes the image.
struct FrameWalk: Sendable {
    /// A token that a walk comes by.
    enum Step: Equatable {
        /// A token of the header, the end of a row, or one that closes the image.
        case frame
        case code
    }

    /// The size, once the header is complete.
    private(set) var size: GridSize?
    /// The number of codes so far.
    private(set) var codeCount = 0
    private let layout: FrameLayout
    /// The headers that begin with the tokens so far.
    private var headers: [FrameHeaders.Header]
    private var headerPlace = 0
    /// The number of tokens after the header so far.
    private var place = 0
    /// The number of codes at which the walk ends with a code, in a mask; `nil` for a whole image.
    private var lastCode: Int?

    /// Before the first token of an image, whose header is one of some, in rising order.
    init(_ layout: FrameLayout, _ headers: [FrameHeaders.Header]) {
        precondition(!headers.isEmpty, "an image has a possible size")
        self.layout = layout
        self.headers = headers
    }

    /// Before the first of some codes of an image, and up to the last of them.
    init(_ layout: FrameLayout, filling codes: Range<Int>, of size: GridSize) {
        self.layout = layout
        self.size = size
        headers = []
        codeCount = codes.lowerBound
        place = layout.place(ofCode: codes.lowerBound, in: size)
        lastCode = codes.upperBound
    }

    /// Whether no token has come.
    var isAtStart: Bool { headerPlace == 0 && place == 0 && size == nil }

    /// Whether no token is left.
    var isComplete: Bool {
        guard let size else { return false }
        if let lastCode { return codeCount == lastCode }
        return place == layout.countAfterHeader(of: size)
    }

    /// The number of codes to come; `nil` in the header.
    var codesLeft: Int? { size.map { (lastCode ?? $0.count) - codeCount } }

    /// The tokens that can come next, in rising order; `nil` for any code.
    var allowed: [TokenID]? {
        guard let size else {
            var tokens: [TokenID] = []
            for header in headers where tokens.last != header.tokens[headerPlace] {
                tokens.append(header.tokens[headerPlace])
            }
            return tokens
        }
        return layout.token(at: place, of: size).map { [$0] }
    }

    /// Takes an allowed token.
    mutating func advance(by token: TokenID) -> Step {
        guard let size else {
            headers.removeAll { $0.tokens[headerPlace] != token }
            headerPlace += 1
            if headers.count == 1, headers[0].tokens.count == headerPlace {
                self.size = headers[0].size
            }
            return .frame
        }
        let isCode = layout.token(at: place, of: size) == nil
        place += 1
        if isCode { codeCount += 1 }
        return isCode ? .code : .frame
    }
}
