internal import CTorch

extension Tensor {
    /// The same elements in another shape; one length may be -1.
    package func reshaped(_ shape: [Int]) -> Tensor {
        Tensor.make { out in shape.withSizes { torch.reshape(handle, $0, $1, out) } }
    }

    /// Merges all dimensions from `dimension` on.
    package func flattened(from dimension: Int) -> Tensor {
        reshaped(Array(shape.prefix(dimension)) + [-1])
    }

    package func permuted(_ dimensions: [Int]) -> Tensor {
        Tensor.make { out in dimensions.withSizes { torch.permute(handle, $0, $1, out) } }
    }

    package func transposed(_ first: Int, _ second: Int) -> Tensor {
        Tensor.make { torch.transpose(handle, Int64(first), Int64(second), $0) }
    }

    /// A view of a range of one dimension.
    package func narrowed(_ dimension: Int, _ range: Range<Int>) -> Tensor {
        Tensor.make {
            torch.narrow(handle, Int64(dimension), Int64(range.lowerBound), Int64(range.count), $0)
        }
    }

    package static func concatenated(_ tensors: [Tensor], along dimension: Int) -> Tensor {
        let handles: [CTTensor?] = tensors.map(\.handle)
        return withExtendedLifetime(tensors) {
            make { out in
                handles.withUnsafeBufferPointer {
                    torch.cat($0.baseAddress, $0.count, Int64(dimension), out)
                }
            }
        }
    }

    /// The slices of `dimension` at `indices` [N].
    package func selected(_ dimension: Int, _ indices: Tensor) -> Tensor {
        Tensor.make { torch.index_select(handle, Int64(dimension), indices.handle, $0) }
    }
}
