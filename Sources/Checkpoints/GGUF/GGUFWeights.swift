import Basics

/// The weights of a GGUF file under their names in a Hugging Face folder.
///
/// Blocks are read as 32-bit floats, floats as they are stored. Nothing is kept: what is read is
/// decoded each time.
final class GGUFWeights: StoredWeightFile {
    /// A weight, and what undoes the changes of the converter.
    struct Item {
        let entry: WeightEntry
        let tensor: GGUFTensor
        /// The number of heads whose rows are interleaved; 0 if none are.
        let interleavedHeads: Int
        /// What is subtracted from each value.
        let offset: Float

        /// Whether the stored bytes are those of the weight, but for the order of rows.
        var isPlain: Bool { tensor.type.format != nil && offset == 0 }
        var columns: Int { entry.shape.dropFirst().reduce(1, *) }
    }

    let names: [String]
    private let items: [String: Item]
    private let file: GGUFFile

    var path: String { file.path }

    init(_ file: GGUFFile, _ architecture: GGUFArchitecture) throws(GGUFError) {
        let heads = try file.metadata.requiredInteger("\(architecture.name).attention.head_count")
        let keyHeads =
            try file.metadata.integer("\(architecture.name).attention.head_count_kv") ?? heads
        var items: [String: Item] = [:]
        var names: [String] = []
        for tensor in file.tensors where tensor.name != GGUFRopeFactors.tensor {
            guard let name = architecture.weightName(of: tensor.name) else {
                throw GGUFError(
                    path: file.path,
                    problem: "the tensor \(tensor.name.quoted()) is not known in the architecture "
                        + architecture.name.quoted()
                )
            }
            var interleaved = 0
            if architecture.interleavesRotaryPairs {
                if tensor.name.contains(".attn_q.") { interleaved = heads }
                if tensor.name.contains(".attn_k.") { interleaved = keyHeads }
            }
            let rows = tensor.shape.first ?? 1
            guard
                interleaved == 0
                    || interleaved > 0 && rows % interleaved == 0
                        && rows / interleaved % 2 == 0
            else {
                throw GGUFError(
                    path: file.path,
                    problem: "the tensor \(tensor.name.quoted()) has \(rows) rows, which are not "
                        + "\(interleaved) heads of an even size"
                )
            }
            let isNorm = tensor.name.hasSuffix("norm.weight")
            let offset: Float = architecture.addsOneToNorms && isNorm ? 1 : 0
            let format = offset == 0 ? tensor.type.format ?? .float32 : .float32
            let entry = WeightEntry(
                name: name,
                elementType: format.elementType,
                shape: tensor.shape
            )
            guard entry.checkedByteCount != nil else {
                throw GGUFError(
                    path: file.path,
                    problem: "the tensor \(tensor.name.quoted()) has more values than fit memory"
                )
            }
            names.append(name)
            items[name] = Item(
                entry: entry,
                tensor: tensor,
                interleavedHeads: interleaved,
                offset: offset
            )
        }
        self.file = file
        self.names = names
        self.items = items
    }

    func entry(_ name: String) -> WeightEntry? { items[name]?.entry }

    func withBytes<Result>(
        of name: String,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        try withReadBytes(of: name, body)
    }

    func read(
        _ name: String,
        at offset: Int,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws {
        let item = try item(name)
        let size = item.entry.elementType.byteCount
        precondition(offset % size == 0 && buffer.count % size == 0)
        let columns = item.columns
        var element = offset / size
        var done = 0
        while done < buffer.count {
            // As far as elements follow each other in the file: a row of interleaved ones.
            let (row, column) = element.quotientAndRemainder(dividingBy: columns)
            let rest = (buffer.count - done) / size
            let isInterleaved = item.interleavedHeads > 0
            let count = isInterleaved ? min(rest, columns - column) : rest
            let source = isInterleaved ? item.storedRow(row) * columns + column : element
            let target = UnsafeMutableRawBufferPointer(
                rebasing: buffer[done..<done + count * size]
            )
            if item.isPlain {
                try file.read(item.tensor, at: source * size, into: target)
            } else {
                try decode(item, from: source, into: target)
            }
            element += count
            done += count * size
        }
    }

    func storedType(of name: String) -> String? { items[name]?.tensor.type.name }

    func item(_ name: String) throws(WeightError) -> Item {
        guard let item = items[name] else { throw .missing(name: name) }
        return item
    }

    /// The stored bytes of a weight.
    func bytes(of item: Item) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: item.tensor.range.count)
        try bytes.withUnsafeMutableBytes { bytes in
            try file.read(item.tensor, at: 0, into: bytes)
        }
        return bytes
    }

    private func decode(
        _ item: Item,
        from start: Int,
        into bytes: UnsafeMutableRawBufferPointer
    ) throws(FileError) {
        let count = bytes.count / MemoryLayout<Float>.size
        let isAligned = Int(bitPattern: bytes.baseAddress) % MemoryLayout<Float>.alignment == 0
        let floats =
            isAligned
            ? bytes.bindMemory(to: Float.self)
            : UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
        defer { if !isAligned { floats.deallocate() } }
        try file.read(item.tensor, from: start, into: floats)
        if item.offset != 0 {
            for index in floats.indices { floats[index] -= item.offset }
        }
        if !isAligned { bytes.copyMemory(from: UnsafeRawBufferPointer(floats)) }
    }
}

extension GGUFWeights.Item {
    /// The row in the file of a row of the weight.
    ///
    /// A head of 2n rows has rotary pairs n apart; the file has them as neighbors.
    func storedRow(_ row: Int) -> Int {
        let size = (entry.shape.first ?? 1) / interleavedHeads
        let (head, place) = row.quotientAndRemainder(dividingBy: size)
        let (side, pair) = place.quotientAndRemainder(dividingBy: size / 2)
        return head * size + pair * 2 + side
    }
}
