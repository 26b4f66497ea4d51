import Basics

/// What a pickle builds.
///
/// Containers, storages and tensors are numbers into a ``PickleHeap``, so that no value holds
/// another: neither nesting nor cycles cost anything when they go.
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

    /// What the value is, in words for an error message.
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

/// What the values of a pickle stand for.
struct PickleHeap {
    var tuples: [[PickleValue]] = []
    var lists: [[PickleValue]] = []
    var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
    var storages: [TorchStorage] = []
    var tensors: [TorchTensor] = []

    /// The last value of a key that is a text.
    func value(_ key: String, in dictionary: Int) -> PickleValue? {
        dictionaries[dictionary].last { item in
            guard case .string(key) = item.key else { return false }
            return true
        }?.value
    }
}

/// A run of numbers in the archive.
struct TorchStorage: Sendable {
    /// The bytes in the file.
    let bytes: Range<Int>
    let elementType: ElementType
    /// The number of elements.
    let count: Int
}

/// The few names that the pickle of a checkpoint may ask for; none of them runs anything.
enum PickleGlobal: Equatable {
    case rebuildTensor
    case rebuildParameter
    case orderedDictionary
    case size
    case storage(ElementType)
    /// A class of the trainer that wrote the checkpoint, which stands as a key or value and is
    /// neither known nor called.
    case inert

    private static let storages: [String: ElementType] = [
        "FloatStorage": .float32, "DoubleStorage": .float64, "HalfStorage": .float16,
        "BFloat16Storage": .bfloat16, "LongStorage": .int64, "IntStorage": .int32,
        "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8, "BoolStorage": .bool,
    ]

    /// The global of a name, or `nil` if it is forbidden.
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
