internal import Basics
internal import Documents
internal import Vocabulary

/// One answer while it is being generated.
final class Answer {
    let prompt: Prompt
    /// What its images' codes are compared with.
    let contrast: Contrast
    let seed: UInt64
    /// What is still to be fed to the model: at first the prompt's last token.
    private(set) var pending: TokenID
    /// The answer so far with its texts masked, `pending` included once it is the answer's own.
    private var withoutText: [TokenID] = []
    /// The codes of an image that is complete and not yet a bitmap.
    private(set) var completedCodes: [Int]?

    private let hole: ImageHole?
    private let codesPerImage: Int
    private let onEvent: (GenerationEvent) -> Void
    private let start = ContinuousClock.now
    private let space: TokenSpace
    private var machine: InterleavingMachine
    private var random: SeededGenerator
    private var decoder: StreamingDecoder
    private var text = ""
    private var imageCodes: [Int] = []
    private var tokens: [TokenID] = []
    private var segments: [Segment] = []
    private var codes: [[Int]] = []
    private var duration = Duration.zero

    init(
        to prompt: Prompt,
        filling hole: ImageHole? = nil,
        _ tokenizer: Tokenizer,
        codesPerImage: Int,
        contrast: Contrast,
        seed: UInt64,
        machine: consuming InterleavingMachine,
        onEvent: @escaping (GenerationEvent) -> Void
    ) {
        guard let last = prompt.tokens.last else { preconditionFailure("a prompt has <eos>") }
        self.prompt = prompt
        self.hole = hole
        self.codesPerImage = codesPerImage
        self.contrast = contrast
        self.seed = seed
        self.machine = machine
        self.onEvent = onEvent
        pending = last
        space = tokenizer.space
        random = SeededGenerator(seed: seed)
        decoder = StreamingDecoder(tokenizer)
    }

    var isFinished: Bool {
        if case .finished = machine.phase { true } else { false }
    }

    var isInImage: Bool {
        if case .image = machine.phase { true } else { false }
    }

    /// What a guide reads in place of everything so far, `pending` included.
    func tokens(for guide: Contrast.Guide) -> [TokenID] {
        let beginning =
            switch guide {
            case .withoutText: prompt.withoutText
            case .withoutPrompt: prompt.withoutAll
            }
        // A text that goes on with the prompt's last one shares its mask.
        let sharesMask = beginning.last == withoutText.first && beginning.last == mask
        return beginning + (sharesMask ? withoutText.dropFirst() : withoutText[...])
    }

    private var mask: TokenID? { space.specialTokens[.mask(0)] }

    /// Chooses the next token by `logits`, the first of which belongs to `firstToken`.
    func choose(_ sampling: Sampling, from logits: Span<Float>, firstToken: TokenID) throws {
        if let known = hole?.knownCode(imageCodes.count) {
            accept(space.token(imageCode: known))
            return
        }
        let allowed = machine.allowed.map {
            $0.lowerBound - firstToken..<$0.upperBound - firstToken
        }
        guard let choice = sampling.choose(from: logits, among: allowed, using: &random) else {
            throw GenerationError.logitsNotFinite
        }
        accept(firstToken + choice)
    }

    private func accept(_ token: TokenID) {
        pending = token
        tokens.append(token)
        switch machine.advance(by: token) {
        case .text:
            // A stretch of text is one mask.
            if let mask, withoutText.last != mask { withoutText.append(mask) }
            say(decoder.append(token))
        case .imageStart:
            closeText()
            withoutText.append(token)
            onEvent(.codes(count: 0, of: codesPerImage))
        case .code(let code, let isLast):
            withoutText.append(token)
            imageCodes.append(code)
            onEvent(.codes(count: imageCodes.count, of: codesPerImage))
            if isLast {
                completedCodes = hole?.filled(with: imageCodes) ?? imageCodes
                imageCodes = []
            }
        case .end: break
        }
        if isFinished { finish() }
    }

    /// Takes the bitmap of the completed codes.
    func show(_ decoded: Image) {
        guard let shown = completedCodes else { preconditionFailure("no image is complete") }
        let image = hole?.painted(decoded) ?? decoded
        completedCodes = nil
        codes.append(shown)
        segments.append(.image(image, role: prompt.role))
        onEvent(.image(image, codes: shown))
    }

    /// Ends the answer; an image that is not complete is left out.
    func cancel() {
        machine.cancel()
        finish()
    }

    private func finish() {
        closeText()
        duration = start.duration(to: .now)
    }

    private func say(_ characters: String) {
        guard !characters.isEmpty else { return }
        text += characters
        onEvent(.text(characters))
    }

    private func closeText() {
        say(decoder.finish())
        if !text.isEmpty { segments.append(.text(text, role: prompt.role)) }
        text = ""
    }

    /// The answer as it is now, which is its end.
    var generated: Generated {
        guard case .finished(let reason) = machine.phase else {
            preconditionFailure("the answer goes on")
        }
        return Generated(
            document: Document(segments),
            codes: codes,
            tokens: tokens,
            documentCount: prompt.documentCount,
            finishReason: reason,
            counts: .init(
                prompt: prompt.tokens.count,
                text: machine.textCount,
                image: codes.reduce(0) { $0 + (hole?.span.count ?? $1.count) }
            ),
            seconds: duration / .seconds(1),
            seed: seed
        )
    }
}
