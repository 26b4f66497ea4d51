package import Tensors

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The scaling of rotary frequencies for sequences longer than those of pretraining.
package enum RotaryScaling: Sendable, Equatable {
    case none
    /// Llama 3.1: frequencies below `lowFrequencyFactor` turns in `originalContext` positions are
    /// divided by `factor`, those above `highFrequencyFactor` turns are unchanged, and those between
    /// are interpolated linearly.
    case llama3(
        factor: Double,
        lowFrequencyFactor: Double,
        highFrequencyFactor: Double,
        originalContext: Int
    )

    func callAsFunction(_ frequency: Float) -> Float {
        guard case .llama3(let factor, let low, let high, let context) = self else {
            return frequency
        }
        let turns = Float(context) * frequency / (2 * .pi)
        let kept = (turns - Float(low)) / Float(high - low)
        let share = min(max(kept, 0), 1)
        return (1 - share) * frequency / Float(factor) + share * frequency
    }
}

/// Rotary position embedding (Su et al., 2021, section 3.4.2).
///
/// Position t rotates pair i of a head of size W by t · base^(-2i/W). The tables grow with the
/// sequences.
package final class RotaryEmbedding {
    private let frequencies: [Float]
    private var tables: (cosines: Tensor, sines: Tensor)?
    private var capacity = 0

    package init(headWidth: Int, base: Double, scaling: RotaryScaling = .none) {
        precondition(headWidth % 2 == 0, "rotary embedding rotates pairs; \(headWidth) is odd")
        frequencies = (0..<headWidth / 2).map {
            scaling(1 / powf(Float(base), Float(2 * $0) / Float(headWidth)))
        }
    }

    /// Rotates x [B, T, H, W], whose first position is `offset`.
    package func callAsFunction(_ x: Tensor, from offset: Int) -> Tensor {
        let positions = offset..<offset + x.size(1)
        let (cosines, sines) = tables(upTo: positions.upperBound)
        return x.rotated(
            cosines: cosines.narrowed(0, positions),
            sines: sines.narrowed(0, positions)
        )
    }

    private func tables(upTo end: Int) -> (cosines: Tensor, sines: Tensor) {
        if let tables, end <= capacity { return tables }
        capacity = max(end, capacity * 2, 128)
        let angles = (0..<capacity).flatMap { position in
            frequencies.map { Float(position) * $0 }
        }
        let shape = [capacity, frequencies.count]
        let made = (Tensor(angles.map { cosf($0) }, shape), Tensor(angles.map { sinf($0) }, shape))
        tables = made
        return made
    }
}
