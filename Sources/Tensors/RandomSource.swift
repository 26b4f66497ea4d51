internal import CTorch

/// Random tensors from a seed: the same seed gives the same tensors in the same order.
public final class RandomSource {
    private let handle: CTGenerator

    /// Starts the stream that belongs to `seed`.
    public init(seed: UInt64) {
        var result: CTGenerator?
        guard ct_generator(seed, &result) == .OK, let result else {
            fatalError(String(cString: ct_last_error()))
        }
        handle = result
    }

    deinit {
        ct_release_generator(handle)
    }

    /// Normally distributed float32 numbers.
    public func normal(_ shape: [Int], mean: Double = 0, deviation: Double = 1) -> Tensor {
        Tensor.make { out in
            shape.withSizes { ct_normal($0, $1, mean, deviation, handle, out) }
        }
    }

    /// Uniform float32 numbers.
    public func uniform(_ shape: [Int], in range: ClosedRange<Double> = 0...1) -> Tensor {
        Tensor.make { out in
            shape.withSizes { ct_uniform($0, $1, range.lowerBound, range.upperBound, handle, out) }
        }
    }
}
