import Basics

// The few functions that a checkpoint calls.

extension PickleMachine {
    /// REDUCE: a function of ``PickleGlobal`` applied to a tuple.
    mutating func reduce() throws(Problem) {
        let (arguments, function) = (try pop(), try pop())
        guard case .tuple(let index) = arguments, case .global(let global) = function else {
            throw reader.failure("\(function.kind) is called with \(arguments.kind)")
        }
        let items = heap.tuples[index]
        switch global {
        case .orderedDictionary where items.isEmpty: pushDictionary()
        case .size:
            guard items.count == 1, case .tuple = items[0] else { throw misuse("torch.Size") }
            stack.append(items[0])
        case .rebuildTensor:
            guard heap.tensors.count < Self.tensorLimit else {
                throw reader.failure("it has more than \(Self.tensorLimit) tensors")
            }
            heap.tensors.append(try tensor(items))
            stack.append(.tensor(heap.tensors.count - 1))
        case .rebuildParameter:
            guard let first = items.first, case .tensor = first else {
                throw misuse("torch._utils._rebuild_parameter")
            }
            stack.append(first)
        case .orderedDictionary: throw misuse("collections.OrderedDict")
        case .storage, .inert:
            throw reader.failure("a class is called; classes are only accepted as values")
        }
    }

    /// BINPERSID: ("storage", its class, its key in the archive, a device, its number of elements).
    mutating func loadStorage() throws(Problem) {
        guard case .tuple(let index) = try pop(), heap.tuples[index].count == 5,
            case .string("storage") = heap.tuples[index][0],
            case .global(.storage(let elementType)) = heap.tuples[index][1],
            case .string(let key) = heap.tuples[index][2],
            case .integer(let count) = heap.tuples[index][4], count >= 0
        else { throw reader.failure("a storage is not described like those of torch.save") }
        guard let bytes = storage(key) else {
            throw reader.failure("the storage \(key.quoted()) is not in the archive")
        }
        let (size, overflows) = count.multipliedReportingOverflow(by: elementType.byteCount)
        guard !overflows, size == bytes.count else {
            throw reader.failure(
                "the storage \(key.quoted()) should have \(count) elements of "
                    + "\(elementType.rawValue), but has \(bytes.count) bytes"
            )
        }
        heap.storages.append(TorchStorage(bytes: bytes, elementType: elementType, count: count))
        stack.append(.storage(heap.storages.count - 1))
    }

    /// A tensor from (storage, offset, shape, strides, …); gradients and hooks are ignored.
    private func tensor(_ items: [PickleValue]) throws(Problem) -> TorchTensor {
        guard items.count >= 4, case .storage(let storage) = items[0],
            case .integer(let offset) = items[1], let shape = integers(items[2]),
            let strides = integers(items[3])
        else { throw misuse("torch._utils._rebuild_tensor_v2") }
        do {
            return try TorchTensor(
                heap.storages[storage],
                offset: offset,
                shape: shape,
                strides: strides
            )
        } catch {
            throw reader.failure("a tensor: \(error.text)")
        }
    }

    /// The integers of a short tuple.
    private func integers(_ value: PickleValue) -> [Int]? {
        guard case .tuple(let index) = value,
            heap.tuples[index].count <= TorchTensor.largestRank
        else { return nil }
        var integers: [Int] = []
        for item in heap.tuples[index] {
            guard case .integer(let integer) = item else { return nil }
            integers.append(integer)
        }
        return integers
    }

    private func misuse(_ name: String) -> Problem {
        reader.failure("the call of \(name) is not one of torch.save")
    }
}
