internal import Basics
internal import Documents
internal import Vocabulary

/// Puts the tokens of an answer together to a document, and tells of each part as it comes.
struct AnswerAssembly {
    private let role: Role?
    private let onEvent: (AnswerEvent) -> Void
    private var decoder: StreamingDecoder
    private var text = ""
    private let tokenizer: Tokenizer
    /// What the next image shows, and its tokens until they are complete.
    private var altText: String?
    private var altTokens: [TokenID] = []
    private(set) var segments: [Segment] = []
    private(set) var codes: [[Int]] = []
    /// The columns of the codes of each image.
    private(set) var columns: [Int] = []

    init(to prompt: Prompt, _ tokenizer: Tokenizer, onEvent: @escaping (AnswerEvent) -> Void) {
        role = prompt.role
        self.onEvent = onEvent
        self.tokenizer = tokenizer
        decoder = StreamingDecoder(tokenizer, continuesText: prompt.endsInText)
    }

    /// Adds a text token.
    mutating func appendText(_ token: TokenID) { append(decoder.append(token)) }

    /// Adds a token of what the next image shows.
    mutating func appendAltText(_ token: TokenID) { altTokens.append(token) }

    /// Ends what comes before an image, its alternative text included.
    mutating func beginImage() {
        closeText()
        let text = tokenizer.decode(altTokens).trimmed
        altTokens = []
        altText = text.isEmpty ? nil : text
        if let altText { onEvent(.altText(altText)) }
    }

    /// Tells how many codes of an image there are.
    func reportProgress(_ count: Int, of total: Int) {
        onEvent(.imageProgress(count: count, total: total))
    }

    /// Shows an image that is being drawn.
    func report(partial image: Image) { onEvent(.partialImage(image)) }

    /// Adds an image.
    mutating func append(_ image: Image, codes: [Int], columns: Int) {
        self.codes.append(codes)
        self.columns.append(columns)
        segments.append(.image(image, altText: altText, role: role))
        onEvent(.image(image))
    }

    /// Ends a stretch of text.
    mutating func closeText() {
        append(decoder.finish())
        if !text.isEmpty { segments.append(.text(text, role: role)) }
        text = ""
    }

    private mutating func append(_ characters: String) {
        guard !characters.isEmpty else { return }
        text += characters
        onEvent(.text(characters))
    }
}
