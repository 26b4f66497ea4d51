internal import Basics
internal import Documents
internal import Models
internal import Vocabulary

/// What an answer continues, as tokens.
struct Prompt {
    /// Retrieved documents, what begins a document, the segments, and in a conversation the head of
    /// an answer.
    private(set) var tokens: [TokenID]
    /// What the unconditional branches read in place of the prompt.
    let unconditional: UnconditionalContext
    /// Where the answer begins.
    let start: InterleavingMachine.Start
    /// How many retrieved documents precede it.
    private(set) var retrievedCount = 0
    /// How many turns at the beginning of a conversation were left out.
    private(set) var forgottenTurnCount = 0

    /// Whether the last segment is a text that the answer continues.
    let endsInText: Bool

    /// The role of the answer's segments.
    var role: Role? { start == .document ? nil : .assistant }

    /// Encodes `document`; its texts are plain text, whatever special token they spell.
    init(_ document: Document, _ tokenizer: DocumentTokenizer) throws {
        let sequence = try tokenizer.encode(document, isPrompt: true)
        guard !sequence.tokens.isEmpty else { throw GenerationError.promptEmpty }
        tokens = sequence.tokens
        unconditional = UnconditionalContext(sequence, in: tokenizer.space)
        start =
            if document.segments.allSatisfy({ $0.role == nil }) {
                .document
            } else if let last = document.segments.last, last.role == .assistant, !last.isBlank {
                .continuedAnswer
            } else {
                .answer
            }
        endsInText = start != .answer && document.segments.last?.isImage == false
    }

    /// Encodes the end of a conversation that has at most `length` tokens.
    ///
    /// Its oldest questions are left out with their answers, but neither what the system says nor the
    /// last question.
    init(
        endOf conversation: Document,
        length: Int,
        _ tokenizer: DocumentTokenizer
    ) throws {
        let whole = try Prompt(conversation, tokenizer)
        let questions = conversation.questionStarts.count
        guard whole.tokens.count > length, questions > 1 else {
            self = whole
            return
        }
        // The fewest questions without which it fits; without all but the last it must do.
        var (few, many) = (0, questions - 1)
        while few + 1 < many {
            if Task.isCancelled { throw Cancelled() }
            let middle = (few + many) / 2
            let rest = try Prompt(conversation.withoutQuestions(middle).document, tokenizer)
            if rest.tokens.count <= length { many = middle } else { few = middle }
        }
        let (rest, count) = conversation.withoutQuestions(many)
        var prompt = try Prompt(rest, tokenizer)
        prompt.forgottenTurnCount = count
        self = prompt
    }

    /// Encodes a caption and an image around a mask, in the order of the CM3 objective:
    /// `<eos> caption <break> codes <mask:0> codes <infill> <mask:0>`, the image in its frame.
    ///
    /// The unconditional branch reads the same without the caption.
    init(
        _ mask: InpaintingMask,
        caption: String,
        _ frame: FrameLayout,
        _ tokenizer: DocumentTokenizer
    ) {
        let space = tokenizer.space
        let framed = frame.framed(mask.codes, mask.size)
        let span = mask.places(in: frame)
        let first = framed.codes.lowerBound
        let image =
            framed.tokens[..<(first + span.lowerBound)] + [space[.mask(0)]]
            + framed.tokens[(first + span.upperBound)...] + [space[.infill], space[.mask(0)]]
        let prefix = tokenizer.text.documentPrefix
        tokens = prefix + tokenizer.text.encode(caption) + image
        unconditional = UnconditionalContext(prefix + image, in: space)
        start = .document
        endsInText = false
    }

    /// Puts whole retrieved documents before the prompt, the nearest last.
    ///
    /// Documents that would make it longer than `length` are left out, and those that are less near.
    /// Unconditional branches do not read them, so guidance leads towards what was retrieved, too.
    mutating func precede(
        by documents: [Document],
        length: Int,
        _ tokenizer: DocumentTokenizer
    ) throws {
        for document in documents.reversed() {
            let extended = try tokenizer.encode(document).tokensBeforeNext + tokens
            guard extended.count <= length else { break }
            tokens = Array(extended)
            retrievedCount += 1
        }
    }
}

extension Document {
    /// Without the first questions and their answers, of which at least one stays; and how many turns
    /// these are.
    fileprivate func withoutQuestions(_ count: Int) -> (document: Document, turns: Int) {
        let starts = questionStarts
        let removed = segments[starts[0]..<starts[count]]
        let turns = zip(removed, removed.dropFirst()).count { $0.role != $1.role } + 1
        var rest = self
        rest.segments.removeSubrange(starts[0]..<starts[count])
        return (rest, turns)
    }
}

extension Segment {
    /// Whether it is a text without a word.
    fileprivate var isBlank: Bool {
        if case .text(let text) = content { text.isBlank } else { false }
    }
}
