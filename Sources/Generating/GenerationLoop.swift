internal import Decoders
internal import Documents
internal import Layers
package import Models
internal import Tensors
internal import Vision
internal import Vocabulary

// R rows of the batch, S width of the hidden states, V vocabulary, C image codes, P answers in an
// image.

/// The generation loop: one forward pass a token, for all answers and their unconditional branches.
///
/// Answers can be added at any time; their prompts are read in parts. Each is a row of the batch. While
/// it draws, its unconditional branches are further rows. Until the first code of an image nothing needs
/// them, so they are read then, and dropped after the last. A token that is the only possible one in the
/// frame of an image is taken without logits.
///
/// What prompts have in common with sequences that were read before is not read again. Where all matrices
/// are packed, all is computed row by row and query by query, so that an answer is, bit for bit, what it is
/// alone.
package final class GenerationLoop {
    /// An unfinished answer, whose row of the batch is its index in ``rows``.
    private struct Row {
        let answer: AnswerInProgress
        /// The rows of its unconditional branches, in the order of ``Guidance/branches``.
        var branches: [Int] = []
        /// The moment in which its prompt was read.
        let promptEnd: KeyValueCache.Checkpoint?
        /// Whether it is one of several answers to a prompt that came together, of which the first is
        /// remembered: all of them, such as candidates, would take the place of other conversations.
        let isFurtherAnswer: Bool
    }

    /// What answers share whose images are guided in one go.
    private struct ImageGuidance: Hashable {
        let guidance: Guidance
        let plausibility: Double

        init(_ answer: AnswerInProgress) {
            guidance = answer.guidance
            plausibility = answer.options.guidancePlausibility
        }
    }

    /// How many tokens of prompts are read in a step: with answers that wait for their next token, as many
    /// as SmolLM2 reads in a sixth of a second on two cores; a longer part takes less time a token.
    private var promptTokensAStep: Int { rows.isEmpty ? 512 : 128 }

    private let model: MultimodalModel
    private let imageHead: OutputHead
    private let batch: DecodingBatch
    private let prefixes: PrefixCache
    private let reader: PromptReader
    private var rows: [Row] = []
    /// The row of the batch → the answer whose branch it is, for the rows after those of answers.
    private var branchOwners: [Int] = []

    /// - Parameters:
    ///   - model: what generates.
    ///   - prefixes: what was read before, and what this loop reads from now on.
    /// - Throws: what the engine throws.
    package init(
        _ model: MultimodalModel,
        _ prefixes: PrefixCache = PrefixCache(byteLimit: 0)
    ) throws {
        self.model = model
        self.prefixes = prefixes
        reader = PromptReader(model.network, prefixes)
        (imageHead, batch) = try withTorchErrors {
            withoutGradients {
                (
                    model.network.head.restricted(to: model.tokenizer.space.image),
                    DecodingBatch(model.network)
                )
            }
        }
    }

    /// Whether no answer is unfinished.
    package var isEmpty: Bool { rows.isEmpty && reader.isEmpty }

    /// Adds answers, whose prompts the next steps read.
    package func add(_ answers: [AnswerInProgress]) {
        // Nothing may be asked for: no text and no image.
        reader.add(answers.filter { !$0.isFinished })
    }

    /// Reads on in the prompts, and generates a token of each answer whose prompt is read; leaves out those
    /// that are finished.
    ///
    /// - Throws: what the engine throws; then no answer can go on.
    package func step() throws {
        try withTorchErrors { withoutGradients { dropRows() } }
        for read in reader.read(atMost: promptTokensAStep) {
            try withTorchErrors { withoutGradients { add(read) } }
        }
        guard !rows.isEmpty else { return }
        let choices = try withTorchErrors {
            try withoutGradients {
                addBranches()
                let fed = (Array(rows.indices) + branchOwners).map { rows[$0].answer.pending }
                return try self.choices(by: batch.hiddenStates(continuing: fed))
            }
        }
        for choice in choices { choice() }
        try decodePartialImages()
        decodeCompletedImages()
        try withTorchErrors { withoutGradients { dropRows() } }
    }

    /// Adds rows for answers whose prompts are read.
    private func add(_ read: PromptReader.Finished) {
        let (old, count) = (rows.count, read.answers.count)
        let branches = branchOwners.indices
        batch.add(rowsOf: read.cache)
        let first = old + branches.count
        rows += read.answers.enumerated().map { index, answer in
            Row(
                answer: answer,
                promptEnd: batch.checkpoint(row: first + index),
                isFurtherAnswer: index > 0
            )
        }
        guard !branches.isEmpty else { return }
        // The rows of branches are behind those of all answers.
        batch.keep(
            Array(0..<old) + (0..<count).map { first + $0 } + branches.map { old + $0 }
        )
        for row in rows.indices {
            rows[row].branches = rows[row].branches.map { $0 + count }
        }
    }

    /// The choice of the next token of each answer, by the hidden states [R, S].
    private func choices(by hiddenStates: Tensor) throws(TorchError) -> [() -> Void] {
        func logits(_ rows: [Int], _ head: OutputHead) -> Tensor {
            head.logits(hiddenStates.selected(0, Tensor(rows, [rows.count])))
        }
        let head = model.network.head
        let choosing = rows.indices.filter { !rows[$0].answer.isForced }
        let speaking = choosing.filter { !rows[$0].answer.isInImage }
        var choices = rows.map(\.answer).filter(\.isForced).map { answer in
            { () -> Void in answer.takeForced() }
        }
        if !speaking.isEmpty {
            choices += try self.choices(
                of: speaking,
                by: logits(speaking, head),
                firstToken: 0
            )
        }
        for kind in Set(rows.map { ImageGuidance($0.answer) }) {
            let drawing = choosing.filter {
                rows[$0].answer.isInImage && ImageGuidance(rows[$0].answer) == kind
            }
            guard !drawing.isEmpty else { continue }
            let unconditional = kind.guidance.branches.indices.map { branch in
                logits(drawing.map { rows[$0].branches[branch] }, imageHead)  // [P, C]
            }
            choices += try self.choices(
                of: drawing,
                by: kind.guidance.logits(
                    logits(drawing, imageHead),
                    unconditional,
                    plausibility: kind.plausibility
                ),
                firstToken: model.tokenizer.space.image.lowerBound
            )
        }
        return choices
    }

    /// The choices of some answers, each by its row of logits [P, N].
    private func choices(
        of chosen: [Int],
        by logits: Tensor,
        firstToken: TokenID
    ) throws(TorchError) -> [() -> Void] {
        let numbers = try logits.floats()
        let width = numbers.count / chosen.count
        return chosen.enumerated().map { place, index in
            let answer = rows[index].answer
            let own = numbers[place * width..<(place + 1) * width]
            return { answer.choose(from: own.span, firstToken: firstToken) }
        }
    }

    /// Adds the branches of each answer that begins an image, each answer's by themselves.
    private func addBranches() {
        for (index, row) in rows.enumerated() where row.answer.isInImage && row.branches.isEmpty {
            let branches = row.answer.guidance.branches
            guard !branches.isEmpty else { continue }
            for branch in branches.indices {
                rows[index].branches.append(rows.count + branchOwners.count + branch)
            }
            branchOwners += branches.map { _ in index }
            // The last token before the codes is fed next.
            batch.add(branches.map { row.answer.unconditional.tokens(for: $0).dropLast() })
        }
    }

    /// Decodes each image by itself, so that no pixel depends on what else is finished.
    private func decodeCompletedImages() {
        guard let imageTokenizer = model.tokenizer.image else { return }
        for answer in rows.map(\.answer) {
            guard let (codes, size) = answer.completed else { continue }
            do {
                answer.take(try imageTokenizer.decode([codes], of: size)[0])
            } catch {
                answer.fail(error)
            }
        }
    }

    /// Decodes the whole rows of images that are being drawn; the rest is white.
    private func decodePartialImages() throws {
        guard let imageTokenizer = model.tokenizer.image else { return }
        for answer in rows.map(\.answer) where answer.options.sendsPartialImages {
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
        for row in rows.indices where rows[row].answer.isFinished { remember(row) }
        batch.keep(keptAnswers + keptBranches.map { rows.count + $0 })
        let places = Dictionary(uniqueKeysWithValues: keptAnswers.enumerated().map { ($1, $0) })
        let owners = keptBranches.compactMap { places[branchOwners[$0]] }
        rows = keptAnswers.map { rows[$0] }
        for row in rows.indices { rows[row].branches = [] }
        branchOwners = owners
        for (branch, owner) in owners.enumerated() {
            rows[owner].branches.append(rows.count + branch)
        }
    }

    /// Keeps what was read of a finished answer's row for prompts that begin with it.
    private func remember(_ row: Int) {
        let answer = rows[row].answer
        guard prefixes.remembers, !answer.hasFailed, !rows[row].isFurtherAnswer else { return }
        // What does not fit into memory is read anew.
        try? batch.remember(row, answer.readTokens, rows[row].promptEnd, in: prefixes)
    }
}
