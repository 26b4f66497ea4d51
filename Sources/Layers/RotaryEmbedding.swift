package import Tensors

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
    private let headWidth: Int
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
        self.headWidth = headWidth
        let frequencies = (0..<width / 2).map {
            1 / powf(Float(base), Float(2 * $0) / Float(width))
        }
        self.frequencies = scaling(frequencies, base: base, width: width)
        attentionFactor = Float(scaling.attentionFactor)
    }

    /// Rotates x [B, T, H, W], whose first position is `offset`.
    package func callAsFunction(_ x: Tensor, from offset: Int) -> Tensor {
        let positions = offset..<offset + x.size(1)
        let tables = tables(upTo: positions.upperBound)
        let cosines = tables.cosines.narrowed(0, positions)
        let sines = tables.sines.narrowed(0, positions)
        let rotatedWidth = 2 * frequencies.count
        guard rotatedWidth < headWidth else { return x.rotated(cosines: cosines, sines: sines) }
        let first = x.narrowed(3, 0..<rotatedWidth).rotated(cosines: cosines, sines: sines)
        return .concatenated([first, x.narrowed(3, rotatedWidth..<headWidth)], along: 3)
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
