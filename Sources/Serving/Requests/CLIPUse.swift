internal import Basics
internal import Jam

/// What CLIP does for an answer: finds documents that precede its prompt, and chooses it among
/// candidates.
struct CLIPUse: Sendable {
    /// The most documents that are retrieved.
    let documentCount: Int
    /// How many answers are generated, of which the one is kept whose images fit the prompt best.
    let candidateCount: Int

    /// The most candidates of all answers of a request: each has its keys and values in memory.
    static let maximumCandidateCount = 16
    /// The most documents that precede a prompt.
    static let maximumDocumentCount = 64

    /// Reads the members `retrieval`, and `candidates` for answers that can have some.
    ///
    /// - Parameters:
    ///   - body: the request.
    ///   - service: has a CLIP model and a memory bank, or not.
    ///   - count: how many answers are asked for.
    ///   - retrieves: whether the answer has a prompt that documents could precede.
    ///   - obstacle: why there can be no candidates; `nil` if there can be.
    /// - Throws: which of the members asks for what cannot be.
    init(
        _ body: JSONReader,
        _ service: AnswerService,
        answers count: Int = 1,
        retrieves: Bool = true,
        unless obstacle: String? = nil
    ) throws {
        documentCount = try body.integer(
            "retrieval",
            default: service.bank == nil || !retrieves ? 0 : service.settings.documentCount,
            atLeast: 0,
            atMost: Self.maximumDocumentCount
        )
        guard documentCount == 0 || service.bank != nil else {
            throw body.failure("retrieval", "this server has no memory bank to retrieve from")
        }
        guard documentCount == 0 || retrieves else {
            throw body.failure("retrieval", "a part of an image is drawn without documents")
        }
        candidateCount = try body.integer(
            "candidates",
            default: 1,
            atLeast: 1,
            atMost: Self.maximumCandidateCount / count
        )
        guard candidateCount > 1 else { return }
        guard service.clip != nil else {
            throw body.failure("candidates", "this server has no CLIP model to choose by")
        }
        if let obstacle { throw body.failure("candidates", obstacle) }
    }

    static let streams = "a stream has one candidate; ask without a stream for more"
    static let drawsNothing = "no images are drawn, by which CLIP would choose"
}
