internal import Basics
internal import Tensors
internal import Vision

/// Exponential moving averages of how often each code is chosen, and of the vectors that choose it
/// (van den Oord et al., 2017, appendix A.1).
struct CodebookEMA {
    /// How many vectors of a batch choose each code [K].
    let counts: Tensor
    /// The sum of these vectors [K, W].
    let sums: Tensor

    /// Starts with unused codes, which the first update replaces by vectors of its batch.
    init(_ codebook: Codebook) {
        counts = Tensor.zeros([codebook.weight.size(0)])
        sums = Tensor.zeros(codebook.weight.shape)
    }

    /// Sets each code to the average of its vectors, unless codes are updated by gradient, and
    /// replaces rarely used codes by vectors of the batch that are far from their codes.
    ///
    /// - Throws: `TorchError` if the engine has failed.
    func update(
        _ codebook: Codebook,
        by result: ConvVQTokenizer.Reconstruction,
        _ losses: ImageTokenizerLosses,
        using random: inout SeededGenerator
    ) throws {
        let decay = losses.codebookDecay
        try withoutGradients {
            let (codeCount, width) = (sums.size(0), sums.size(1))
            let rows = result.latents.detached().reshaped([-1, width])
            let chosen = result.quantized.codes.reshaped([-1])
            let rowCount = rows.size(0)

            let newCounts = Tensor.zeros([codeCount])
                .adding(Tensor.full([rowCount], 1), at: chosen, 0)
            let newSums = Tensor.zeros([codeCount, width]).adding(rows, at: chosen, 0)
            let runningCounts = counts * decay + newCounts * (1 - decay)
            let runningSums = sums * decay + newSums * (1 - decay)

            let meanCount = Double(rowCount) / Double(codeCount)
            // A code that was never chosen has no average, whatever the share.
            let threshold = max(meanCount * losses.revivalShare, Double(Float.leastNormalMagnitude))
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
            switch losses.codebookUpdate {
            case .ema: codebook.weight.copy(from: means)
            case .gradient:
                let (kept, moved) = (alive.reshaped([-1, 1]), dead.reshaped([-1, 1]))
                codebook.weight.copy(from: codebook.weight * kept + means * moved)
            }
        }
    }

    /// Draws row indices in proportion to the squared distance between the row and its code.
    ///
    /// Otherwise plain backgrounds, most of a batch, took all codes (k-means++, Arthur and
    /// Vassilvitskii, 2007).
    private static func distantRows(
        _ rows: Tensor,
        from codes: Tensor,
        count: Int,
        using random: inout SeededGenerator
    ) throws -> [Int] {
        let difference = rows - codes
        var sum = 0.0
        let cumulated = try (difference * difference).sum([1]).floats().map { distance in
            sum += Double(distance)
            return sum
        }
        return (0..<count).map { _ in
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
