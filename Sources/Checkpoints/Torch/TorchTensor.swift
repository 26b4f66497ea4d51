import Basics

/// A view of a storage; all its elements lie in it.
struct TorchTensor: Sendable {
    static let largestRank = 16

    let storage: TorchStorage
    /// The first element in the storage.
    let offset: Int
    let shape: [Int]
    /// In elements; 0 along dimensions of one element.
    let strides: [Int]
    let count: Int

    /// Checks that all elements lie in the storage.
    init(_ storage: TorchStorage, offset: Int, shape: [Int], strides: [Int])
        throws(TensorProblem)
    {
        guard shape.count == strides.count, shape.count <= Self.largestRank else {
            throw TensorProblem("\(shape.count) lengths and \(strides.count) strides do not fit")
        }
        guard offset >= 0, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }),
            let count = WeightEntry.elementCount(of: shape)
        else { throw TensorProblem("the shape \(shape) with strides \(strides) is impossible") }
        var last = offset
        for (length, stride) in zip(shape, strides) where count > 0 {
            let (step, overflows) = (length - 1).multipliedReportingOverflow(by: stride)
            let (sum, overflowsToo) = last.addingReportingOverflow(step)
            guard !overflows, !overflowsToo else {
                throw TensorProblem("the strides \(strides) are too large")
            }
            last = sum
        }
        guard count == 0 || last < storage.count else {
            throw TensorProblem(
                "it needs element \(last), but its storage has \(storage.count)"
            )
        }
        (self.storage, self.offset, self.shape) = (storage, offset, shape)
        // The stride of a single element is not checked and not used.
        self.strides = zip(shape, strides).map { $0 > 1 ? $1 : 0 }
        self.count = count
    }

    /// Whether the elements are adjacent in row-major order.
    var isContiguous: Bool {
        // The other dimensions of an empty tensor may have any size.
        guard count > 0 else { return true }
        var step = 1
        for (length, stride) in zip(shape, strides).reversed() where length != 1 {
            guard stride == step else { return false }
            step *= length
        }
        return true
    }

    /// The range of a contiguous tensor in the file.
    var bytes: Range<Int> {
        guard count > 0 else { return storage.bytes.lowerBound..<storage.bytes.lowerBound }
        let size = storage.elementType.byteCount
        let start = storage.bytes.lowerBound + offset * size
        return start..<start + count * size
    }

    /// Copies the elements in row-major order.
    func copy(from file: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) {
        let size = storage.elementType.byteCount
        precondition(target.count == count * size)
        var index = [Int](repeating: 0, count: shape.count)
        var element = offset
        for place in 0..<count {
            let start = storage.bytes.lowerBound + element * size
            let source = UnsafeRawBufferPointer(rebasing: file[start..<start + size])
            UnsafeMutableRawBufferPointer(rebasing: target[place * size..<(place + 1) * size])
                .copyMemory(from: source)
            // The next index; the last dimension is the fastest.
            var dimension = shape.count - 1
            while dimension >= 0 {
                index[dimension] += 1
                element += strides[dimension]
                guard index[dimension] == shape[dimension] else { break }
                element -= strides[dimension] * shape[dimension]
                index[dimension] = 0
                dimension -= 1
            }
        }
    }
}

/// What is wrong with a tensor.
struct TensorProblem: Error {
    let text: String

    init(_ text: String) { self.text = text }
}
