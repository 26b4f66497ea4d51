internal import Tensors
internal import Vocabulary

/// The logits by which one answer chooses its next token.
struct Choice {
    private let answer: Answer
    private let sampling: Sampling
    private let logits: ArraySlice<Float>
    /// The token that the first logit belongs to.
    private let firstToken: TokenID

    /// Gives each answer its row of logits [P, N].
    static func each(
        of answers: [Answer],
        by logits: Tensor,
        firstToken: TokenID,
        _ sampling: Sampling
    ) throws(TorchError) -> [Choice] {
        let numbers = try logits.floats()
        let width = numbers.count / answers.count
        return answers.enumerated().map { row, answer in
            Choice(
                answer: answer,
                sampling: sampling,
                logits: numbers[row * width..<(row + 1) * width],
                firstToken: firstToken
            )
        }
    }

    /// Chooses, and lets the answer go on by it.
    func make() throws {
        try answer.choose(sampling, from: logits.span, firstToken: firstToken)
    }
}
