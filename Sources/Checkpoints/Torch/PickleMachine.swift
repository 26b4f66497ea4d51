/// Reads the pickle of a checkpoint and cannot run any code.
///
/// It understands what `torch.save` writes (protocol 2, and the framing of 4) and builds numbers,
/// text, tuples, lists, dictionaries and tensors. It resolves only the names of ``PickleGlobal``;
/// any other name is refused when it is read. Memory is bounded by ``stepLimit`` and
/// ``tensorLimit``. The opcodes are those of Python's `pickletools`.
struct PickleMachine {
    typealias Problem = TorchFileError.Problem

    /// The most opcodes; a checkpoint has about fifty for each tensor.
    static let stepLimit = 2_000_000
    /// The most tensors.
    static let tensorLimit = 100_000

    /// Finds the bytes of a storage in the archive by its key.
    let storage: (String) -> Range<Int>?
    var reader: PickleReader
    var heap = PickleHeap()
    var stack: [PickleValue] = []
    /// The height of the stack at each open mark.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]

    init(_ bytes: UnsafeRawBufferPointer, storage: @escaping (String) -> Range<Int>?) {
        reader = PickleReader(bytes)
        self.storage = storage
    }

    /// Runs to the end and returns the value that is left.
    mutating func run() throws(Problem) -> PickleValue {
        for _ in 0..<Self.stepLimit {
            let code = try reader.byte()
            if code == UInt8(ascii: ".") { return try pop() }
            try step(code)
        }
        throw reader.failure("it has more than \(Self.stepLimit) opcodes")
    }

    private mutating func step(_ code: UInt8) throws(Problem) {
        switch code {
        case 0x80:  // PROTO
            let version = try reader.byte()
            guard (2...5).contains(version) else {
                throw reader.failure("the protocol is \(version); 2 to 5 is expected")
            }
        case 0x95: _ = try reader.signed(8)  // FRAME
        case UInt8(ascii: "("): marks.append(stack.count)
        case UInt8(ascii: "0"): _ = try pop()
        case UInt8(ascii: "1"): _ = try popMark()
        case UInt8(ascii: "2"): stack.append(try top())
        case UInt8(ascii: "q"): memo[try reader.unsigned(1)] = try top()
        case UInt8(ascii: "r"): memo[try reader.unsigned(4)] = try top()
        case 0x94: memo[memo.count] = try top()  // MEMOIZE
        case UInt8(ascii: "h"): try recall(try reader.unsigned(1))
        case UInt8(ascii: "j"): try recall(try reader.unsigned(4))
        case UInt8(ascii: "c"), UInt8(ascii: "i"):
            // INST also calls what it names, so it is refused even for a known name.
            let (module, name) = (try reader.line(), try reader.line())
            let global = try resolve(module, name)
            guard code == UInt8(ascii: "c") else { throw .forbidden(name: "\(module).\(name)") }
            stack.append(global)
        case 0x93:  // STACK_GLOBAL
            guard case .string(let name) = try pop(), case .string(let module) = try pop() else {
                throw reader.failure("the name of a class is not text")
            }
            stack.append(try resolve(module, name))
        case UInt8(ascii: "R"): try reduce()
        case UInt8(ascii: "b"):  // BUILD: attributes of a dictionary, as `_metadata`
            _ = try pop()
            guard case .dictionary = try top() else {
                throw reader.failure("attributes are set on \(try top().kind)")
            }
        case UInt8(ascii: "Q"): try loadStorage()
        default:
            guard try stepValue(code) else {
                let digits = String(code, radix: 16)
                throw reader.failure("torch.save does not write the opcode 0x\(digits)")
            }
        }
    }

    /// Handles opcodes that make a value; false for others.
    private mutating func stepValue(_ code: UInt8) throws(Problem) -> Bool {
        switch code {
        case UInt8(ascii: "N"): stack.append(.none)
        case 0x88: stack.append(.bool(true))
        case 0x89: stack.append(.bool(false))
        case UInt8(ascii: "J"): stack.append(.integer(try reader.signed(4)))
        case UInt8(ascii: "K"): stack.append(.integer(try reader.unsigned(1)))
        case UInt8(ascii: "M"): stack.append(.integer(try reader.unsigned(2)))
        case 0x8A: stack.append(.integer(try reader.signed(try reader.unsigned(1))))
        case UInt8(ascii: "G"): stack.append(.number(try reader.number()))
        case UInt8(ascii: "X"): stack.append(.string(try reader.text(try reader.unsigned(4))))
        case 0x8C, UInt8(ascii: "U"):
            stack.append(.string(try reader.text(try reader.unsigned(1))))
        case UInt8(ascii: "]"):
            heap.lists.append([])
            stack.append(.list(heap.lists.count - 1))
        case UInt8(ascii: "a"): try extendList([try pop()])
        case UInt8(ascii: "e"): try extendList(try popMark())
        case UInt8(ascii: ")"): pushTuple([])
        case UInt8(ascii: "t"): pushTuple(try popMark())
        case 0x85...0x87:
            var items: [PickleValue] = []
            for _ in 0x85...code { items.append(try pop()) }
            pushTuple(items.reversed())
        case UInt8(ascii: "}"): pushDictionary()
        case UInt8(ascii: "s"):
            let value = try pop()
            try extendDictionary([try pop(), value])
        case UInt8(ascii: "u"): try extendDictionary(try popMark())
        default: return false
        }
        return true
    }

    // MARK: The stack

    mutating func pop() throws(Problem) -> PickleValue {
        // Values below an open mark are out of reach.
        guard stack.count > marks.last ?? 0, let value = stack.popLast() else {
            throw reader.failure("a value is popped where there is none")
        }
        return value
    }

    private func top() throws(Problem) -> PickleValue {
        guard stack.count > marks.last ?? 0, let value = stack.last else {
            throw reader.failure("a value is read where there is none")
        }
        return value
    }

    private mutating func popMark() throws(Problem) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw reader.failure("a mark is missing") }
        let items = Array(stack[mark...])
        stack.removeSubrange(mark...)
        return items
    }

    private mutating func recall(_ key: Int) throws(Problem) {
        guard let value = memo[key] else {
            throw reader.failure("the memo has no value \(key)")
        }
        stack.append(value)
    }

    // MARK: Containers

    mutating func pushTuple(_ items: [PickleValue]) {
        heap.tuples.append(items)
        stack.append(.tuple(heap.tuples.count - 1))
    }

    mutating func pushDictionary() {
        heap.dictionaries.append([])
        stack.append(.dictionary(heap.dictionaries.count - 1))
    }

    private mutating func extendList(_ items: [PickleValue]) throws(Problem) {
        let target = try top()
        guard case .list(let list) = target else {
            throw reader.failure("items are added to \(target.kind)")
        }
        heap.lists[list] += items
    }

    private mutating func extendDictionary(_ items: [PickleValue]) throws(Problem) {
        let target = try top()
        guard case .dictionary(let dictionary) = target, items.count.isMultiple(of: 2) else {
            throw reader.failure("\(items.count) keys and values are set in \(target.kind)")
        }
        for place in stride(from: 0, to: items.count, by: 2) {
            heap.dictionaries[dictionary].append((items[place], items[place + 1]))
        }
    }

    private func resolve(_ module: String, _ name: String) throws(Problem) -> PickleValue {
        guard let global = PickleGlobal(module: module, name: name) else {
            throw .forbidden(name: "\(module).\(name)")
        }
        return .global(global)
    }
}
