internal import Vocabulary

/// What the unconditional branches of guidance read: prompt and answer with texts masked.
struct UnconditionalContext {
    /// The prompt with each stretch of text as one mask.
    private let promptWithoutText: [TokenID]
    /// The prompt with all its content as one mask.
    private let promptMasked: [TokenID]
    private let mask: TokenID?
    /// The answer so far with each stretch of text as one mask.
    private var answer: [TokenID] = []

    /// The context of a prompt; unmasked where the vocabulary has no mask.
    init(_ prompt: TokenSequence, in space: TokenSpace) {
        mask = space.specialTokens[.mask(0)]
        promptWithoutText = mask == nil ? prompt.tokens : prompt.withoutText(in: space).tokens
        promptMasked = mask == nil ? prompt.tokens : prompt.withoutAll(in: space)
    }

    /// The context of a prompt that has no text to mask.
    init(_ tokens: [TokenID], in space: TokenSpace) {
        mask = space.specialTokens[.mask(0)]
        promptWithoutText = tokens
        promptMasked = tokens
    }

    /// Adds a text token of the answer; neighbors share one mask.
    mutating func appendText() {
        if let mask, answer.last != mask { answer.append(mask) }
    }

    /// Adds an image code of the answer, or another token that is no text.
    mutating func append(_ token: TokenID) { answer.append(token) }

    /// All that a branch reads so far.
    func tokens(for branch: Guidance.Branch) -> [TokenID] {
        let prompt = branch == .withoutText ? promptWithoutText : promptMasked
        // A text that continues the prompt's last one shares its mask.
        let sharesMask = prompt.last == answer.first && prompt.last == mask
        return prompt + (sharesMask ? answer.dropFirst() : answer[...])
    }
}
