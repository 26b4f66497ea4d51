internal import CTorch

extension Tensor {
    /// The sum over some dimensions, or over all.
    package func sum(_ dimensions: [Int] = [], keeping: Bool = false) -> Tensor {
        Tensor.make { out in
            all(dimensions).withSizes { torch.sum(handle, $0, $1, keeping, out) }
        }
    }

    /// The mean over some dimensions, or over all.
    package func mean(_ dimensions: [Int] = [], keeping: Bool = false) -> Tensor {
        Tensor.make { out in
            all(dimensions).withSizes { torch.mean(handle, $0, $1, keeping, out) }
        }
    }

    private func all(_ dimensions: [Int]) -> [Int] {
        dimensions.isEmpty ? Array(0..<rank) : dimensions
    }

    package func argmax(_ dimension: Int) -> Tensor {
        Tensor.make { torch.argmax(handle, Int64(dimension), $0) }
    }

    /// The `k` largest elements along a dimension and their indices, in descending order.
    package func top(_ k: Int, _ dimension: Int) -> (values: Tensor, indices: Tensor) {
        Tensor.makePair { torch.top(handle, Int64(k), Int64(dimension), $0, $1) }
    }

    /// A copy with the slices of `source` added at `indices` [N] of `dimension`.
    package func adding(_ source: Tensor, at indices: Tensor, _ dimension: Int) -> Tensor {
        Tensor.make { torch.index_add(handle, Int64(dimension), indices.handle, source.handle, $0) }
    }

    package func logSoftmax(_ dimension: Int) -> Tensor {
        Tensor.make { torch.log_softmax(handle, Int64(dimension), $0) }
    }
}
