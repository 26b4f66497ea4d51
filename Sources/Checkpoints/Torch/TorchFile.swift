package import Basics

/// The tensors of a checkpoint of `torch.save` (PyTorch 1.6 and later), read without running code.
///
/// The file is a ZIP archive of a pickle and of storages. The dictionary of tensors is the pickle's
/// value, or its member `state_dict`, as written by PyTorch Lightning; all else is ignored. Tensors
/// that are not contiguous are copied; the copies may not be larger than the file, so that a small
/// file cannot fill the memory.
package final class TorchFile: MappedWeightSource {
    typealias Problem = TorchFileError.Problem

    /// In bytes.
    static let largestPickle = 64 << 20
    private static let copiesLimit = "tensors that repeat elements are larger than the file"

    package let path: String
    /// The names of the tensors in the order of the dictionary.
    package let names: [String]
    private let tensors: [String: TorchTensor]
    private let copies: [String: ContiguousCopy]
    private let file: MappedFile

    /// Whether a file begins like one of `torch.save`, and not like a safetensors file.
    package static func begins(_ path: String) throws(FileError) -> Bool {
        let file = try MappedFile(path)
        return withExtendedLifetime(file) {
            let isHeader = file.bytes.count > 8 && file.bytes[8] == UInt8(ascii: "{")
            return !isHeader && (isArchive(file.bytes) || isPickle(file.bytes))
        }
    }

    /// Opens a file and reads its pickle; only tensors that are not contiguous are read.
    ///
    /// - Throws: ``TorchFileError`` for a file that is damaged, has another format, or could run
    ///   code.
    package init(_ path: String) throws {
        let file = try MappedFile(path)
        self.path = path
        self.file = file
        do throws(Problem) {
            (names, tensors) = try Self.read(file.bytes)
            copies = try Self.copies(of: tensors, file.bytes)
        } catch {
            throw TorchFileError(path: path, problem: error)
        }
    }

    package func entry(_ name: String) -> WeightEntry? {
        tensors[name].map {
            WeightEntry(name: name, elementType: $0.storage.elementType, shape: $0.shape)
        }
    }

    package func bytes(of name: String) throws -> UnsafeRawBufferPointer {
        guard let tensor = tensors[name] else { throw WeightError.missing(name: name) }
        return copies[name]?.bytes ?? UnsafeRawBufferPointer(rebasing: file.bytes[tensor.bytes])
    }

    private static func isArchive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.starts(with: [0x50, 0x4B, 0x03, 0x04])
    }

    private static func isPickle(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count > 1 && bytes[0] == 0x80 && (2...5).contains(bytes[1])
    }

    private static func read(_ bytes: UnsafeRawBufferPointer) throws(Problem)
        -> (names: [String], tensors: [String: TorchTensor])
    {
        if isPickle(bytes) { throw .legacy }
        guard isArchive(bytes) else { throw .archive("it does not begin as one") }
        let entries = try TorchArchive(of: bytes).entries
        let pickles = entries.keys.filter { $0.hasSuffix("/data.pkl") }
        guard pickles.count == 1, let name = pickles.first, let pickle = entries[name] else {
            throw .archive("one entry data.pkl is expected, found \(pickles.count)")
        }
        guard pickle.count <= largestPickle else {
            throw .archive("data.pkl has \(pickle.count) bytes; the most is \(largestPickle)")
        }
        let root = name.dropLast("data.pkl".count)
        if let order = entries[root + "byteorder"], !bytes[order].elementsEqual("little".utf8) {
            throw .archive("it is not little-endian")
        }
        var machine = PickleMachine(UnsafeRawBufferPointer(rebasing: bytes[pickle])) {
            entries[root + "data/" + $0]
        }
        let value = try machine.run()
        return try stateDictionary(value, in: machine.heap)
    }

    /// The tensors of the dictionary; other members are ignored.
    private static func stateDictionary(_ value: PickleValue, in heap: PickleHeap) throws(Problem)
        -> (names: [String], tensors: [String: TorchTensor])
    {
        guard case .dictionary(var dictionary) = value else { throw .noWeights }
        if case .dictionary(let inner) = heap.value("state_dict", in: dictionary) {
            dictionary = inner
        }
        var names: [String] = []
        var tensors: [String: TorchTensor] = [:]
        for case (.string(let name), .tensor(let index)) in heap.dictionaries[dictionary] {
            if tensors.updateValue(heap.tensors[index], forKey: name) == nil { names.append(name) }
        }
        guard !names.isEmpty else { throw .noWeights }
        return (names, tensors)
    }

    /// The elements of those tensors that are not contiguous.
    private static func copies(
        of tensors: [String: TorchTensor],
        _ bytes: UnsafeRawBufferPointer
    ) throws(Problem) -> [String: ContiguousCopy] {
        var copies: [String: ContiguousCopy] = [:]
        var room = bytes.count
        // Sorted by name, so that the same file gives the same error.
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) where !tensor.isContiguous {
            let size = tensor.storage.elementType.byteCount
            guard tensor.count <= room / size else { throw .tensor(name: name, copiesLimit) }
            room -= tensor.count * size
            copies[name] = ContiguousCopy(of: tensor, bytes)
        }
        return copies
    }
}

/// The elements of a tensor in row-major order, in memory of their own.
private final class ContiguousCopy: @unchecked Sendable {
    // Unchecked: the bytes are written in init only.
    let bytes: UnsafeRawBufferPointer

    init(of tensor: TorchTensor, _ file: UnsafeRawBufferPointer) {
        let copy = UnsafeMutableRawBufferPointer.allocate(
            byteCount: tensor.count * tensor.storage.elementType.byteCount,
            alignment: 16
        )
        tensor.copy(from: file, into: copy)
        bytes = UnsafeRawBufferPointer(copy)
    }

    deinit { bytes.deallocate() }
}
