package import Tensors

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How the angles of a model are stretched that was made for shorter sequences.
package enum RotaryScaling: Sendable, Equatable {
    /// Not at all.
    case none
    /// As Llama 3.1: pairs that turn less than `lowFrequencyFactor` times in `originalContext`
    /// positions turn slower by `factor`, those that turn more than `highFrequencyFactor` times stay,
    /// and between the two the frequencies go over linearly.
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

/// The angles of rotary position embedding (Su et al., 2021, section 3.4.2).
///
/// Pair i of a head of width W turns by t · base^(-2i/W) at position t. The tables grow when longer
/// sequences come.
package final class RotaryEmbedding {
    private let frequencies: [Float]
    private var tables: (cosines: Tensor, sines: Tensor)?
    private var capacity = 0

    /// Angles for heads of `headWidth`, which is even.
    package init(headWidth: Int, base: Double, scaling: RotaryScaling = .none) {
        precondition(headWidth % 2 == 0, "rotary embedding turns pairs; \(headWidth) is odd")
        frequencies = (0..<headWidth / 2).map {
            scaling(1 / powf(Float(base), Float(2 * $0) / Float(headWidth)))
        }
    }

    /// Turns x [B, T, H, W] as the positions from `offset` on.
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
