internal import Basics
internal import Tensors

/// Running means of the vectors that chose each code: the codebook learns by them, without gradient
/// (van den Oord et al., 2017, appendix A.1).
struct CodebookAverages {
    /// How many vectors of a batch choose each code [K].
    let counts: Tensor
    /// The sum of these vectors [K, W].
    let sums: Tensor

    /// Nothing seen yet: the first update places every code at a vector of its batch.
    init(_ codebook: Codebook) {
        counts = Tensor.zeros([codebook.weight.size(0)])
        sums = Tensor.zeros(codebook.weight.shape)
    }

    /// Moves each code towards the mean of the vectors that chose it, and codes that hardly any
    /// vector chooses to random vectors of the batch.
    ///
    /// - Parameters:
    ///   - codebook: the codes.
    ///   - vectors: the vectors of a batch [..., W].
    ///   - codes: what they chose, int64 [...].
    ///   - decay: how much of the means stays.
    ///   - revivalShare: which share of the mean use keeps a code where it is.
    ///   - random: chooses the vectors for codes out of use.
    func update<Random: RandomNumberGenerator>(
        _ codebook: Codebook,
        with vectors: Tensor,
        choosing codes: Tensor,
        decay: Double,
        revivalShare: Double,
        using random: inout Random
    ) {
        withoutGradients {
            let (codeCount, width) = (sums.size(0), sums.size(1))
            let rows = vectors.detached().reshaped([-1, width])
            let chosen = codes.reshaped([-1])
            let rowCount = rows.size(0)

            let newCounts = Tensor.zeros([codeCount])
                .adding(Tensor.full([rowCount], 1), at: chosen, 0)
            let newSums = Tensor.zeros([codeCount, width]).adding(rows, at: chosen, 0)
            let runningCounts = counts * decay + newCounts * (1 - decay)
            let runningSums = sums * decay + newSums * (1 - decay)

            let meanCount = Double(rowCount) / Double(codeCount)
            // At a share of zero, too, a code that was never chosen has no mean.
            let threshold = max(meanCount * revivalShare, .leastNormalMagnitude)
            let dead = (runningCounts .< threshold).to(.float32)
            let alive = dead * -1 + 1
            let picks = (0..<codeCount).map { _ in Int.random(in: 0..<rowCount, using: &random) }
            let revived = rows.selected(0, Tensor(picks, [codeCount])) * meanCount

            counts.copy(from: runningCounts * alive + dead * meanCount)
            sums.copy(
                from: runningSums * alive.reshaped([-1, 1]) + revived * dead.reshaped([-1, 1])
            )
            codebook.weight.copy(from: sums / counts.reshaped([-1, 1]))
        }
    }
}
