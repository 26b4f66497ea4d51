import Basics

/// A value of a pickle.
///
/// Containers, storages and tensors are indices into a ``PickleHeap``, so that values do not own
/// each other: nested or cyclic ones can be freed without recursion.
enum PickleValue {
    case none
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case global(PickleGlobal)
    case storage(Int)
    case tensor(Int)

    /// The kind of value, for error messages.
    var kind: String {
        switch self {
        case .none: "None"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .number: "a number"
        case .string: "a text"
        case .tuple: "a tuple"
        case .list: "a list"
        case .dictionary: "a dictionary"
        case .global: "a class or function"
        case .storage: "a storage"
        case .tensor: "a tensor"
        }
    }
}

/// The containers, storages and tensors of a pickle.
struct PickleHeap {
    var tuples: [[PickleValue]] = []
    var lists: [[PickleValue]] = []
    var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
    var storages: [TorchStorage] = []
    var tensors: [TorchTensor] = []

    /// The last value of a text key.
    func value(_ key: String, in dictionary: Int) -> PickleValue? {
        dictionaries[dictionary].last { item in
            guard case .string(key) = item.key else { return false }
            return true
        }?.value
    }
}

/// Consecutive elements in the archive.
struct TorchStorage: Sendable {
    /// The range in the file.
    let bytes: Range<Int>
    let elementType: ElementType
    /// In elements.
    let count: Int
}

/// The names that the pickle of a checkpoint may use; none of them runs code.
enum PickleGlobal: Equatable {
    case rebuildTensor
    case rebuildParameter
    case orderedDictionary
    case size
    case storage(ElementType)
    /// A class of the trainer that wrote the checkpoint: accepted as a key or value, never called.
    case inert

    private static let storages: [String: ElementType] = [
        "FloatStorage": .float32, "DoubleStorage": .float64, "HalfStorage": .float16,
        "BFloat16Storage": .bfloat16, "LongStorage": .int64, "IntStorage": .int32,
        "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8, "BoolStorage": .bool,
    ]

    /// `nil` for a forbidden name.
    init?(module: String, name: String) {
        switch (module, name) {
        case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
        case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
        case ("collections", "OrderedDict"): self = .orderedDictionary
        case ("torch", "Size"): self = .size
        case ("torch", let name):
            guard let elementType = Self.storages[name] else { return nil }
            self = .storage(elementType)
        default:
            let isTrainers = ["pytorch_lightning.callbacks.", "lightning.pytorch.callbacks."]
                .contains { module.hasPrefix($0) }
            guard isTrainers else { return nil }
            self = .inert
        }
    }
}
