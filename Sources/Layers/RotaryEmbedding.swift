internal import Tensors

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Rotary position embedding (Su et al., 2021, section 3.4.2).
///
/// Position t rotates pair i of the first W elements of a head by t · base^(-2i/W). The tables grow
/// with the sequences.
package final class RotaryEmbedding {
    package let frequencies: [Float]
    /// What cosines and sines are multiplied by.
    package let attentionFactor: Float
    private var tables: (cosines: Tensor, sines: Tensor)?
    private var capacity = 0

    /// - Parameters:
    ///   - headWidth: the size of a head.
    ///   - rotatedWidth: W, how many elements of a head are rotated; `nil` for all.
    ///   - base: also called theta.
    ///   - scaling: how the frequencies are scaled.
    package init(
        headWidth: Int,
        rotatedWidth: Int? = nil,
        base: Double,
        scaling: RotaryScaling = .none
    ) {
        let width = rotatedWidth ?? headWidth
        precondition(width % 2 == 0, "rotary embedding rotates pairs; \(width) is odd")
        let frequencies = (0..<width / 2).map {
            1 / powf(Float(base), Float(2 * $0) / Float(width))
        }
        self.frequencies = scaling(frequencies, base: base, width: width)
        attentionFactor = Float(scaling.attentionFactor)
    }

    /// What rotates the heads of the tokens at `positions`.
    func callAsFunction(at positions: PassPositions) -> Tensor.Rotation {
        positions.rotation(of: self) { rotation(at: positions) }
    }

    /// The rows of the tables [T, P], or [B · T, P] where rows differ; P pairs are rotated.
    private func rotation(at positions: PassPositions) -> Tensor.Rotation {
        if positions.isUniform {
            let range = positions.starts[0]..<positions.starts[0] + positions.width
            let tables = tables(upTo: range.upperBound)
            return .init(
                cosines: tables.cosines.narrowed(0, range),
                sines: tables.sines.narrowed(0, range)
            )
        }
        let indices = positions.indices
        let tables = tables(upTo: (indices.max() ?? 0) + 1)
        let chosen = Tensor(indices, [indices.count])
        return .init(
            cosines: tables.cosines.selected(0, chosen),
            sines: tables.sines.selected(0, chosen)
        )
    }

    private func tables(upTo end: Int) -> (cosines: Tensor, sines: Tensor) {
        if let tables, end <= capacity { return tables }
        capacity = max(end, capacity * 2, 128)
        let angles = (0..<capacity).flatMap { position in
            frequencies.map { Float(position) * $0 }
        }
        let shape = [capacity, frequencies.count]
        let made = (
            Tensor(angles.map { cosf($0) * attentionFactor }, shape),
            Tensor(angles.map { sinf($0) * attentionFactor }, shape)
        )
        tables = made
        return made
    }
}
