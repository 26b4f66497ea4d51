internal import CTorch

/// Random tensors from a seed: the same seed gives the same tensors in the same order.
package final class RandomSource {
    private let handle: CTGenerator

    /// Starts the stream that belongs to `seed`.
    package init(seed: UInt64) {
        var result: CTGenerator?
        guard torch.generator(seed, &result) == .OK, let result else {
            fatalError(lastEngineError())
        }
        handle = result
    }

    deinit {
        torch.release_generator(handle)
    }

    /// Normally distributed float32 numbers.
    package func normal(_ shape: [Int], mean: Double = 0, deviation: Double = 1) -> Tensor {
        Tensor.make { out in
            shape.withSizes { torch.normal($0, $1, mean, deviation, handle, out) }
        }
    }

    /// Uniform float32 numbers.
    package func uniform(_ shape: [Int], in range: ClosedRange<Double> = 0...1) -> Tensor {
        Tensor.make { out in
            shape.withSizes {
                torch.uniform($0, $1, range.lowerBound, range.upperBound, handle, out)
            }
        }
    }
}
