internal import Basics
internal import Tensors
internal import Vision

/// Running means of the vectors that chose each code: the codebook learns by them, without gradient
/// (van den Oord et al., 2017, appendix A.1), or by gradient, and they tell which codes are in use.
struct CodebookEMA {
    /// How many vectors of a batch choose each code [K].
    let counts: Tensor
    /// The sum of these vectors [K, W].
    let sums: Tensor

    /// Begins with codes that are nowhere: the first update places each at a vector of its batch.
    init(_ codebook: Codebook) {
        counts = Tensor.zeros([codebook.weight.size(0)])
        sums = Tensor.zeros(codebook.weight.shape)
    }

    /// Moves each code towards the mean of the vectors that chose it, unless it learns by gradient, and
    /// codes that hardly any vector chooses to vectors of the batch that lack a near code.
    ///
    /// - Parameters:
    ///   - codebook: the codes.
    ///   - vectors: the vectors of a batch [..., W].
    ///   - codes: what they chose, int64 [...].
    ///   - rule: how the codes learn.
    ///   - decay: how much of the means stays.
    ///   - revivalShare: which share of the mean use keeps a code where it is.
    ///   - random: chooses the vectors for codes out of use.
    /// - Throws: `TorchError` if the engine has failed.
    func update<Random: RandomNumberGenerator>(
        _ codebook: Codebook,
        with vectors: Tensor,
        choosing codes: Tensor,
        by rule: ImageTokenizerTrainingOptions.CodebookRule,
        decay: Double,
        revivalShare: Double,
        using random: inout Random
    ) throws {
        try withoutGradients {
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
            let threshold = max(meanCount * revivalShare, Double(Float.leastNormalMagnitude))
            let dead = (runningCounts .< threshold).to(.float32)
            let alive = dead * -1 + 1
            let picks = try Self.distantRows(
                rows,
                from: codebook.vectors(of: chosen),
                count: codeCount,
                using: &random
            )
            let revived = rows.selected(0, Tensor(picks, [codeCount])) * meanCount

            counts.copy(from: runningCounts * alive + dead * meanCount)
            sums.copy(
                from: runningSums * alive.reshaped([-1, 1]) + revived * dead.reshaped([-1, 1])
            )
            let means = sums / counts.reshaped([-1, 1])
            switch rule {
            case .ema: codebook.weight.copy(from: means)
            case .gradient:
                let (kept, moved) = (alive.reshaped([-1, 1]), dead.reshaped([-1, 1]))
                codebook.weight.copy(from: codebook.weight * kept + means * moved)
            }
        }
    }

    /// Row numbers, each drawn with a probability in proportion to the squared distance between the
    /// row and its code (as k-means++ does, Arthur and Vassilvitskii, 2007): plain backgrounds, which
    /// are most of a batch, would take all codes otherwise.
    private static func distantRows<Random: RandomNumberGenerator>(
        _ rows: Tensor,
        from codes: Tensor,
        count: Int,
        using random: inout Random
    ) throws -> [Int] {
        let difference = rows - codes
        var sum = 0.0
        let cumulated = try (difference * difference).sum([1]).floats().map { distance in
            sum += Double(distance)
            return sum
        }
        return (0..<count).map { _ in
            // With no distance at all any row will do.
            guard sum > 0 else { return Int.random(in: cumulated.indices, using: &random) }
            let target = Double.random(in: 0..<sum, using: &random)
            return min(cumulated.partitioningIndex { $0 > target }, cumulated.count - 1)
        }
    }
}

extension [Double] {
    /// The first index whose element, and so every later one, is `after`.
    fileprivate func partitioningIndex(where after: (Double) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if after(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
