public import Tensors

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The angles of rotary position embedding (Su et al., 2021, section 3.4.2).
///
/// Pair i of a head of width W turns by t · base^(-2i/W) at position t. The tables grow when longer
/// sequences come.
public final class RotaryEmbedding {
    private let frequencies: [Float]
    private var cosines = Tensor.zeros([0, 1])
    private var sines = Tensor.zeros([0, 1])
    private var capacity = 0

    /// Angles for heads of `headWidth`, which is even.
    public init(headWidth: Int, base: Double) {
        precondition(headWidth % 2 == 0, "rotary embedding turns pairs; \(headWidth) is odd")
        frequencies = (0..<headWidth / 2).map {
            1 / powf(Float(base), Float(2 * $0) / Float(headWidth))
        }
    }

    /// Turns x [B, T, H, W] as the positions from `offset` on.
    public func callAsFunction(_ x: Tensor, from offset: Int) -> Tensor {
        let end = offset + x.size(1)
        if end > capacity { grow(to: max(end, capacity * 2, 128)) }
        return x.rotated(
            cosines: cosines.narrowed(0, offset..<end),
            sines: sines.narrowed(0, offset..<end)
        )
    }

    private func grow(to count: Int) {
        let angles = (0..<count).flatMap { position in frequencies.map { Float(position) * $0 } }
        cosines = Tensor(angles.map { cosf($0) }, [count, frequencies.count])
        sines = Tensor(angles.map { sinf($0) }, [count, frequencies.count])
        capacity = count
    }
}
