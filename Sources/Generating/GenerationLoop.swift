internal import Decoders
internal import Documents
internal import Models
internal import Tensors
internal import Vision
internal import Vocabulary

// R rows of the batch, S width of the hidden states, V vocabulary, C image codes, P answers in an
// image.

/// The generation loop: one forward pass a token, for all answers and their unconditional branches.
///
/// Each answer is a row of the batch. While it draws, its unconditional branches are further rows.
/// Until the first code of an image nothing needs them, so they are read then, and dropped after the
/// last. A token that is the only possible one in the frame of an image is taken without logits.
final class GenerationLoop {
    /// An unfinished answer, whose row of the batch is its index in ``rows``.
    private struct Row {
        let answer: AnswerInProgress
        /// The rows of its unconditional branches, in the order of ``Guidance/branches``.
        var branches: [Int] = []
    }

    private let model: MultimodalModel
    private let options: AnswerOptions
    private let imageHead: OutputHead
    private let batch: DecodingBatch
    private var rows: [Row]
    /// The row of the batch → the answer whose branch it is, for the rows after those of answers.
    private var branchOwners: [Int] = []

    init(_ model: MultimodalModel, _ options: AnswerOptions, _ answers: [AnswerInProgress]) throws {
        self.model = model
        self.options = options
        let rows = answers.filter { !$0.isFinished }.map { Row(answer: $0) }
        self.rows = rows
        (imageHead, batch) = try withTorchErrors {
            withoutGradients {
                (
                    model.network.head.restricted(to: model.tokenizer.space.image),
                    // The loop feeds the last token of a prompt first.
                    DecodingBatch(
                        model.network,
                        reading: rows.map { $0.answer.promptTokens.dropLast() }
                    )
                )
            }
        }
    }

    func run(isCancelled: () -> Bool) throws {
        while !rows.isEmpty {
            if isCancelled() {
                for row in rows { row.answer.cancel() }
                return
            }
            let choices = try withTorchErrors {
                try withoutGradients {
                    addBranches()
                    let fed = (Array(rows.indices) + branchOwners).map { rows[$0].answer.pending }
                    return try self.choices(by: batch.hiddenStates(continuing: fed))
                }
            }
            for choice in choices { try choice() }
            if options.sendsPartialImages { try decodePartialImages() }
            try decodeCompletedImages()
            try withTorchErrors { withoutGradients { dropRows() } }
        }
    }

    /// The choice of the next token of each answer, by the hidden states [R, S].
    private func choices(by hiddenStates: Tensor) throws(TorchError) -> [() throws -> Void] {
        func logits(_ rows: [Int], _ head: OutputHead) -> Tensor {
            head.logits(hiddenStates.selected(0, Tensor(rows, [rows.count])))
        }
        let head = model.network.head
        let choosing = rows.indices.filter { !rows[$0].answer.isForced }
        let speaking = choosing.filter { !rows[$0].answer.isInImage }
        var choices = rows.map(\.answer).filter(\.isForced).map { answer in
            { () throws -> Void in answer.takeForced() }
        }
        if !speaking.isEmpty {
            choices += try self.choices(
                of: speaking,
                by: logits(speaking, head),
                firstToken: 0,
                options.text
            )
        }
        for guidance in Set(rows.map(\.answer.guidance)) {
            let drawing = choosing.filter {
                rows[$0].answer.isInImage && rows[$0].answer.guidance == guidance
            }
            guard !drawing.isEmpty else { continue }
            let unconditional = guidance.branches.indices.map { branch in
                logits(drawing.map { rows[$0].branches[branch] }, imageHead)  // [P, C]
            }
            choices += try self.choices(
                of: drawing,
                by: guidance.logits(
                    logits(drawing, imageHead),
                    unconditional,
                    plausibility: options.guidancePlausibility
                ),
                firstToken: model.tokenizer.space.image.lowerBound,
                options.images
            )
        }
        return choices
    }

    /// The choices of some answers, each by its row of logits [P, N].
    private func choices(
        of chosen: [Int],
        by logits: Tensor,
        firstToken: TokenID,
        _ sampling: Sampling
    ) throws(TorchError) -> [() throws -> Void] {
        let numbers = try logits.floats()
        let width = numbers.count / chosen.count
        return chosen.enumerated().map { place, index in
            let answer = rows[index].answer
            let own = numbers[place * width..<(place + 1) * width]
            return { try answer.choose(sampling, from: own.span, firstToken: firstToken) }
        }
    }

    /// Adds the branches of each answer that begins an image.
    private func addBranches() {
        var beginnings: [[TokenID]] = []
        for (index, row) in rows.enumerated() where row.answer.isInImage && row.branches.isEmpty {
            for branch in row.answer.guidance.branches {
                rows[index].branches.append(rows.count + branchOwners.count)
                branchOwners.append(index)
                // The last token before the codes is fed next.
                beginnings.append(row.answer.unconditional.tokens(for: branch).dropLast())
            }
        }
        if !beginnings.isEmpty { batch.add(beginnings) }
    }

    private func decodeCompletedImages() throws {
        let complete = rows.map(\.answer).filter { $0.completed != nil }
        guard let imageTokenizer = model.tokenizer.image, !complete.isEmpty else { return }
        for (size, answers) in Dictionary(grouping: complete, by: { $0.completed?.size }) {
            guard let size else { continue }
            let codes = answers.compactMap { $0.completed?.codes }
            let images = try imageTokenizer.decode(codes, of: size)
            for (answer, image) in zip(answers, images) { answer.take(image) }
        }
    }

    /// Decodes the whole rows of images that are being drawn; the rest is white.
    private func decodePartialImages() throws {
        guard let imageTokenizer = model.tokenizer.image else { return }
        for answer in rows.map(\.answer) {
            guard let (codes, size) = answer.partial else { continue }
            // What follows the last row bleeds a little into it, so it is taken as more of the same.
            let row = codes.suffix(size.width)
            let missing = size.height - codes.count / size.width
            let filled = codes + (0..<missing).flatMap { _ in row }
            let image = try imageTokenizer.decode([filled], of: size)[0]
            let rows = image.height / size.height * (codes.count / size.width)
            answer.takePartial(image.whiteBelow(row: rows))
        }
    }

    /// Drops the rows of finished answers, and of branches whose image has its last code.
    private func dropRows() {
        let keptAnswers = rows.indices.filter { !rows[$0].answer.isFinished }
        let keptBranches = branchOwners.indices.filter { rows[branchOwners[$0]].answer.isInImage }
        guard keptAnswers.count < rows.count || keptBranches.count < branchOwners.count else {
            return
        }
        batch.keep(keptAnswers + keptBranches.map { rows.count + $0 })
        let places = Dictionary(uniqueKeysWithValues: keptAnswers.enumerated().map { ($1, $0) })
        let owners = keptBranches.compactMap { places[branchOwners[$0]] }
        rows = keptAnswers.map { Row(answer: rows[$0].answer) }
        branchOwners = owners
        for (branch, owner) in owners.enumerated() {
            rows[owner].branches.append(rows.count + branch)
        }
    }
}
