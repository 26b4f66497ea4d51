internal import Basics
internal import Documents
internal import Models
internal import Vocabulary

/// One answer while it is generated: chooses its tokens and hands them on.
package final class AnswerInProgress {
    /// How its tokens are chosen.
    let options: AnswerOptions
    /// How its images are guided.
    let guidance: Guidance
    /// The token to feed next: at first the last of the prompt.
    private(set) var pending: TokenID
    /// The codes of an image that is complete and not decoded yet, and their size.
    private(set) var completed: (codes: [Int], size: GridSize)?
    /// The whole rows of codes of an image that is being drawn, after each of them, and its size; all
    /// codes where a region is drawn again.
    private(set) var partial: (codes: [Int], size: GridSize)?
    /// What its unconditional branches read, ``pending`` included once that is its own.
    private(set) var unconditional: UnconditionalContext
    /// The prompt's tokens.
    var promptTokens: [TokenID] { prompt.tokens }
    /// How many tokens it has.
    package var tokenCount: Int { tokens.count }
    /// How many of the prompt's tokens had been read before.
    var cachedPromptCount = 0
    /// What the model has read of prompt and answer: all but the last token.
    var readTokens: [TokenID] { (prompt.tokens + tokens).dropLast() }

    private let prompt: Prompt
    private let mask: InpaintingMask?
    private let seed: UInt64
    private let start = ContinuousClock.now
    private let space: TokenSpace
    private var machine: InterleavingMachine
    private var random: SeededGenerator
    private var assembly: AnswerAssembly
    private var imageCodes: [Int] = []
    /// The number of codes that the current image gets, once it is known.
    private var imageTotal: Int?
    private var imageSize: GridSize?
    private var tokens: [TokenID] = []
    private var duration = Duration.zero
    private var failure: (any Error)?

    init(
        to prompt: Prompt,
        filling mask: InpaintingMask? = nil,
        _ tokenizer: DocumentTokenizer,
        _ options: AnswerOptions,
        number: Int,
        _ machine: consuming InterleavingMachine,
        onEvent: @escaping (AnswerEvent) -> Void
    ) {
        guard let last = prompt.tokens.last else { preconditionFailure("a prompt has <eos>") }
        self.prompt = prompt
        self.mask = mask
        self.options = options
        guidance = options.guidance(of: number)
        seed = options.seed &+ UInt64(number)
        self.machine = machine
        pending = last
        unconditional = prompt.unconditional
        space = tokenizer.space
        imageTotal = mask?.span.count
        random = SeededGenerator(seed: seed)
        assembly = AnswerAssembly(to: prompt, tokenizer.text, onEvent: onEvent)
    }

    package var isFinished: Bool {
        if case .finished = machine.phase { true } else { false }
    }

    /// Whether codes are to come: its unconditional branches are read.
    var isInImage: Bool {
        if case .image = machine.phase { true } else { false }
    }

    /// Whether its next token is the only one that is possible in the frame of its image.
    var isForced: Bool { machine.forced != nil }

    /// Takes the only token that is possible.
    func takeForced() {
        guard let token = machine.forced else { preconditionFailure("a token is to be chosen") }
        accept(token)
    }

    /// Chooses the next token by `logits`, the first of which is that of `firstToken`.
    func choose(from logits: Span<Float>, firstToken: TokenID) {
        if let known = mask?.knownCode(imageCodes.count) {
            accept(space.token(imageCode: known))
            return
        }
        let allowed = machine.allowed.map {
            $0.lowerBound - firstToken..<$0.upperBound - firstToken
        }
        let sampling = isInImage ? options.images : options.text
        guard let choice = sampling.choose(from: logits, among: allowed, using: &random) else {
            return fail(GenerationError.logitsNotFinite)
        }
        accept(firstToken + choice)
    }

    private func accept(_ token: TokenID) {
        pending = token
        tokens.append(token)
        switch machine.advance(by: token) {
        case .text:
            unconditional.appendText()
            assembly.appendText(token)
        case .decision: unconditional.append(token)
        case .altStart:
            unconditional.append(token)
            assembly.closeText()
        case .altText:
            unconditional.appendText()
            assembly.appendAltText(token)
        case .imageStart:
            unconditional.append(token)
            assembly.beginImage()
            reportSize()
        case .frame:
            unconditional.append(token)
            reportSize()
        case .code(let code, let isLast):
            unconditional.append(token)
            imageCodes.append(code)
            assembly.reportProgress(imageCodes.count, of: imageTotal ?? imageCodes.count)
            if isLast, let size = mask?.size ?? imageSize {
                completed = (mask?.filled(with: imageCodes) ?? imageCodes, size)
                imageCodes = []
                imageTotal = nil
            } else if let mask {
                if mask.endsRow(imageCodes.count) {
                    partial = (mask.filled(with: imageCodes), mask.size)
                }
            } else if let size = imageSize, imageCodes.count % size.width == 0 {
                partial = (imageCodes, size)
            }
        case .end: break
        }
        if isFinished { finish() }
    }

    /// Tells that an image begins as soon as its size is known.
    private func reportSize() {
        guard imageTotal == nil, case .image(let codesLeft) = machine.phase else { return }
        imageSize = machine.imageSize
        imageTotal = codesLeft
        assembly.reportProgress(0, of: codesLeft)
    }

    /// Takes the image decoded from ``completed``.
    func take(_ decoded: Image) {
        guard let (codes, size) = completed else { preconditionFailure("no image is complete") }
        completed = nil
        assembly.append(mask?.painted(decoded) ?? decoded, codes: codes, columns: size.width)
    }

    /// Takes the image decoded from ``partial``.
    func takePartial(_ decoded: Image) {
        partial = nil
        assembly.report(partial: mask?.painted(decoded) ?? decoded)
    }

    /// Ends the answer; an incomplete image is left out.
    package func cancel() {
        machine.cancel()
        finish()
    }

    private func finish() {
        assembly.closeText()
        duration = start.duration(to: .now)
    }

    /// Whether it ended because it could not go on.
    var hasFailed: Bool { failure != nil }

    /// Ends the answer, which cannot go on.
    func fail(_ error: any Error) {
        failure = error
        cancel()
    }

    /// The finished answer.
    ///
    /// - Throws: why it could not go on.
    package func finished() throws -> Answer {
        if let failure { throw failure }
        guard case .finished(let reason) = machine.phase else {
            preconditionFailure("the answer is not finished")
        }
        return Answer(
            document: Document(assembly.segments),
            codes: assembly.codes,
            codeColumns: assembly.columns,
            tokens: tokens,
            retrievedCount: prompt.retrievedCount,
            forgottenTurnCount: prompt.forgottenTurnCount,
            finishReason: reason,
            counts: .init(
                prompt: prompt.tokens.count,
                cachedPrompt: cachedPromptCount,
                text: machine.textCount,
                image: assembly.codes.reduce(0) { $0 + (mask?.span.count ?? $1.count) }
            ),
            seconds: duration / .seconds(1),
            seed: seed
        )
    }
}
