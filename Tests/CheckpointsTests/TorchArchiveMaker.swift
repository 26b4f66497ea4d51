/// Makes files as `torch.save` does, and as an attacker would.
enum TorchArchiveMaker {
    /// A ZIP archive of stored entries; no check of its sums is made, so they are zero.
    static func archive(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for (name, bytes) in entries {
            let size = number(bytes.count, 4)
            let tail = program(number(0, 4), size, size, number(name.utf8.count, 2), number(0, 2))
            let place = program(number(0, 10), number(file.count, 4), code(name))
            directory += program(number(0x0201_4B50, 4), number(0, 12), tail, place)
            file += program(number(0x0403_4B50, 4), number(0, 10), tail, code(name), bytes)
        }
        let counts = program(number(entries.count, 2), number(entries.count, 2))
        let list = program(number(directory.count, 4), number(file.count, 4), number(0, 2))
        return program(file, directory, number(0x0605_4B50, 4), number(0, 4), counts, list)
    }

    /// An archive of a pickle, and of one storage of 16 bytes.
    static func file(_ pickle: [UInt8], byteOrder: String = "little") -> [UInt8] {
        archive([
            ("x/data.pkl", pickle), ("x/byteorder", Array(byteOrder.utf8)),
            ("x/data/0", Array(0..<16)),
        ])
    }

    /// A number of `size` bytes, the least significant first.
    static func number(_ value: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
    }

    // MARK: Pickles

    /// The dictionary {"a": a tensor}, with the given parts of the tensor's description.
    static func pickle(
        function: [UInt8] = global("torch._utils", "_rebuild_tensor_v2"),
        storage: [UInt8] = global("torch", "FloatStorage"),
        key: String = "0",
        count: Int = 4,
        offset: Int = 0,
        shape: [Int] = [2, 2],
        strides: [Int] = [2, 1]
    ) -> [UInt8] {
        let described = program(
            mark,
            text("storage"),
            storage,
            text(key),
            text("cpu"),
            integer(count),
            tuple
        )
        let view = program(integer(offset), integers(shape), integers(strides), [0x89])
        let hooks = program(global("collections", "OrderedDict"), [0x29], reduce)
        let tensor = program(function, mark, described, code("Q"), view, hooks, tuple, reduce)
        return program(begin, dictionary, text("a"), tensor, code("s"), stop)
    }

    /// Opcodes and their arguments one after the other.
    static func program(_ parts: [UInt8]...) -> [UInt8] { parts.flatMap(\.self) }

    /// Opcodes that are letters.
    static func code(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// An opcode many times.
    static func repeated(_ text: String, _ count: Int) -> [UInt8] {
        [UInt8](repeating: text.utf8.first ?? 0, count: count)
    }

    static let begin: [UInt8] = [0x80, 2]
    static let stop: [UInt8] = [UInt8(ascii: ".")]
    static let mark: [UInt8] = [UInt8(ascii: "(")]
    static let tuple: [UInt8] = [UInt8(ascii: "t")]
    static let reduce: [UInt8] = [UInt8(ascii: "R")]
    static let dictionary: [UInt8] = [UInt8(ascii: "}")]

    static func global(_ module: String, _ name: String) -> [UInt8] {
        Array("c\(module)\n\(name)\n".utf8)
    }

    static func text(_ text: String) -> [UInt8] {
        [UInt8(ascii: "X")] + number(text.utf8.count, 4) + Array(text.utf8)
    }

    static func integer(_ value: Int) -> [UInt8] { [0x8A, 8] + number(value, 8) }

    static func integers(_ values: [Int]) -> [UInt8] {
        mark + values.flatMap(integer) + tuple
    }
}
