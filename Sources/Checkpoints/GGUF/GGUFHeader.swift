import Basics

/// What precedes the data of a GGUF file, checked against the file's size.
struct GGUFHeader {
    let metadata: [String: GGUFValue]
    /// In the order of their bytes.
    let tensors: [GGUFTensor]
    /// The bytes of the data that are neither a tensor's nor padding.
    let unusedByteCount: Int

    /// Checks, in this order: magic and version; counts, before memory is allocated; each value;
    /// each tensor; that no two tensors share bytes and that the file has them all.
    init(of file: UnsafeRawBufferPointer) throws(GGUFProblem) {
        var cursor = GGUFCursor(file)
        try Self.checkVersion(file, &cursor)
        let tensorCount = try cursor.integer(UInt64.self, "the number of tensors")
        let valueCount = try cursor.count("the number of metadata values", eachAtLeast: 13)
        metadata = try Self.metadata(valueCount, &cursor)
        let alignment = try Self.alignment(metadata)
        guard tensorCount <= UInt64(cursor.remaining / GGUFCursor.leastTensorEntry) else {
            throw GGUFProblem(
                "\(tensorCount) tensors are announced, but \(cursor.remaining) bytes follow; is the "
                    + "file cut short?"
            )
        }
        var names: Set<[UInt8]> = []
        var entries: [GGUFCursor.TensorEntry] = []
        for _ in 0..<Int(tensorCount) {
            let entry = try cursor.tensorEntry()
            guard names.insert(Array(entry.name.utf8)).inserted else {
                throw GGUFProblem("the tensor \(entry.name.quoted()) is a duplicate")
            }
            entries.append(entry)
        }
        cursor.align(to: alignment)
        tensors = try Self.placed(entries, from: cursor.offset, alignment, fileSize: file.count)
        var end = cursor.offset
        var unused = 0
        for tensor in tensors {
            unused += tensor.range.lowerBound - end
            end = tensor.range.upperBound
            end += (alignment - (end - cursor.offset) % alignment) % alignment
        }
        unusedByteCount = unused + max(0, file.count - end)
    }

    private static func checkVersion(
        _ file: UnsafeRawBufferPointer,
        _ cursor: inout GGUFCursor
    ) throws(GGUFProblem) {
        if LargeFilePointer.begins(file) { throw GGUFProblem(LargeFilePointer.problem) }
        guard GGUFFile.begins(file) else {
            throw GGUFProblem("a GGUF file begins with \"GGUF\"; this one does not")
        }
        _ = try cursor.integer(UInt32.self, "the magic number")
        let version = try cursor.integer(UInt32.self, "the version")
        guard version & 0xFFFF != 0 || version == 0 else {
            throw GGUFProblem("the numbers are big-endian; little-endian is expected")
        }
        guard version == 2 || version == 3 else {
            throw GGUFProblem("version \(version) of GGUF is not supported; 2 and 3 are")
        }
    }

    private static func metadata(
        _ count: Int,
        _ cursor: inout GGUFCursor
    ) throws(GGUFProblem) -> [String: GGUFValue] {
        var metadata: [String: GGUFValue] = [:]
        var elements = 0
        for _ in 0..<count {
            let key = try cursor.string("a key of the metadata")
            let value = try cursor.value(of: key, &elements)
            guard metadata.updateValue(value, forKey: key) == nil else {
                throw GGUFProblem("the key \(key.quoted()) is a duplicate")
            }
        }
        return metadata
    }

    private static func alignment(_ metadata: [String: GGUFValue]) throws(GGUFProblem) -> Int {
        guard let value = metadata["general.alignment"] else { return 32 }
        guard case .integer(let size) = value, size > 0, size & (size - 1) == 0, size <= 1 << 20
        else {
            throw GGUFProblem(
                "general.alignment is \(value.kind); a power of two up to 2^20 is expected"
            )
        }
        return size
    }

    /// The tensors in the order of their bytes, each in the file and apart from the others.
    private static func placed(
        _ entries: [GGUFCursor.TensorEntry],
        from start: Int,
        _ alignment: Int,
        fileSize: Int
    ) throws(GGUFProblem) -> [GGUFTensor] {
        var tensors: [GGUFTensor] = []
        for entry in entries {
            let what = "the tensor \(entry.name.quoted())"
            guard entry.offset % alignment == 0 else {
                throw GGUFProblem(
                    "\(what) is at byte \(entry.offset) of the data, which is no multiple of "
                        + "\(alignment)"
                )
            }
            let first = start.addingReportingOverflow(entry.offset)
            let last = first.partialValue.addingReportingOverflow(entry.byteCount)
            guard !first.overflow, !last.overflow, last.partialValue <= fileSize else {
                throw GGUFProblem(
                    "\(what) needs \(entry.byteCount) bytes at byte \(entry.offset) of the data, "
                        + "but the file has \(max(0, fileSize - start)) bytes of data; it is cut short"
                )
            }
            tensors.append(
                GGUFTensor(
                    name: entry.name,
                    type: entry.type,
                    shape: entry.shape,
                    range: first.partialValue..<last.partialValue
                )
            )
        }
        tensors.sort { $0.range.lowerBound < $1.range.lowerBound }
        for (tensor, next) in zip(tensors, tensors.dropFirst())
        where tensor.range.upperBound > next.range.lowerBound {
            throw GGUFProblem(
                "the tensors \(tensor.name.quoted()) and \(next.name.quoted()) share bytes"
            )
        }
        return tensors
    }
}
