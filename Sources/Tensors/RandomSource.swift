internal import CTorch

/// Random float32 tensors; the same seed gives the same tensors in the same order.
package final class RandomSource {
    private let handle: CTGenerator

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

    package func normal(_ shape: [Int], mean: Double = 0, std: Double = 1) -> Tensor {
        Tensor.make { out in
            shape.withSizes { torch.normal($0, $1, mean, std, handle, out) }
        }
    }

    package func uniform(_ shape: [Int], in range: ClosedRange<Double> = 0...1) -> Tensor {
        Tensor.make { out in
            shape.withSizes {
                torch.uniform($0, $1, range.lowerBound, range.upperBound, handle, out)
            }
        }
    }
}
