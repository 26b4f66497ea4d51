internal import Basics

/// The weights of a safetensors file, in which matrices of 4-bit groups appear as 32-bit floats
/// under their own names (see ``Int4Groups``).
final class Int4Weights: StoredWeightFile {
    private struct Matrix {
        let entry: WeightEntry
        let groupSize: Int
        let scaleFormat: FloatFormat
        let scaleName: String

        var columns: Int { entry.shape[1] }
        var groups: Int { columns / groupSize }
    }

    let names: [String]
    private let file: SafetensorsFile
    private let matrices: [String: Matrix]

    var path: String { file.path }

    /// The file itself where it has no such matrices.
    ///
    /// - Throws: ``LoadingError/quantized(path:method:name:)`` for matrices with zero points or another
    ///   order of columns, ``LoadingError/unreadable(path:_:)`` for parts that are missing or do not
    ///   fit.
    static func presenting(_ file: SafetensorsFile) throws(LoadingError) -> any StoredWeightFile {
        guard file.names.contains(where: { $0.hasSuffix(Int4Groups.packedSuffix) }) else {
            return file
        }
        return try Int4Weights(file)
    }

    private init(_ file: SafetensorsFile) throws(LoadingError) {
        var matrices: [String: Matrix] = [:]
        var parts: Set<String> = []
        for stored in file.names where stored.hasSuffix(Int4Groups.packedSuffix) {
            let name = String(stored.dropLast(Int4Groups.packedSuffix.count))
            for other in ["_zero_point", "_g_idx"] where file.entry(name + other) != nil {
                throw .quantized(
                    path: file.path,
                    method: "compressed-tensors' zero points or order of columns",
                    name: name + other
                )
            }
            do {
                matrices[name] = try Self.matrix(name, in: file)
            } catch {
                throw .unreadable(path: file.path, error)
            }
            parts.formUnion([
                stored, Int4Groups.scaleName(of: name), Int4Groups.shapeName(of: name),
            ])
        }
        self.file = file
        self.matrices = matrices
        names = file.names.filter { !parts.contains($0) } + matrices.keys.sorted()
    }

    private static func matrix(_ name: String, in file: SafetensorsFile) throws(WeightError)
        -> Matrix
    {
        func problem(_ text: String) -> WeightError { .packing(name: name, problem: text) }
        let scaleName = Int4Groups.scaleName(of: name)
        let packed = file.entry(Int4Groups.packedName(of: name))
        guard let packed, packed.elementType == .int32, packed.shape.count == 2,
            packed.shape[1] <= Int.max / 8
        else {
            throw problem("\"\(Int4Groups.packedName(of: name))\" is not I32 [rows, columns / 8]")
        }
        let shape = [packed.shape[0], packed.shape[1] * 8]
        if let stored = try? file.integers(of: Int4Groups.shapeName(of: name)), stored != shape {
            throw problem(
                "its shape is \(stored), but \(packed.shape[1]) integers of 32 bits a row have "
                    + "\(shape[1]) of 4"
            )
        }
        guard let scales = file.entry(scaleName), let format = FloatFormat(scales.elementType),
            scales.shape.count == 2, scales.shape[0] == shape[0], scales.shape[1] > 0,
            shape[1] % scales.shape[1] == 0
        else {
            throw problem(
                "\"\(scaleName)\" is not there as floats [\(shape[0]), groups], with groups of equal "
                    + "size in \(shape[1]) columns"
            )
        }
        let entry = WeightEntry(name: name, elementType: .float32, shape: shape)
        guard entry.checkedByteCount != nil else { throw problem("it does not fit memory") }
        return Matrix(
            entry: entry,
            groupSize: shape[1] / scales.shape[1],
            scaleFormat: format,
            scaleName: scaleName
        )
    }

    func entry(_ name: String) -> WeightEntry? {
        if let matrix = matrices[name] { return matrix.entry }
        return names.contains(name) ? file.entry(name) : nil
    }

    func withBytes<Result>(
        of name: String,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        guard matrices[name] != nil else { return try file.withBytes(of: name, body) }
        return try withReadBytes(of: name, body)
    }

    func read(_ name: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        guard let matrix = matrices[name] else {
            return try file.read(name, at: offset, into: buffer)
        }
        let size = MemoryLayout<Float>.size
        let elements = offset / size..<(offset + buffer.count) / size
        guard !elements.isEmpty else { return }
        // From the first whole byte on, and the scales of all groups that are touched.
        let bytes = elements.lowerBound / 2..<(elements.upperBound + 1) / 2
        let groups =
            elements.lowerBound / matrix.groupSize..<(elements.upperBound - 1) / matrix.groupSize
            + 1
        let packed = try read(Int4Groups.packedName(of: name), bytes)
        let scaleSize = matrix.scaleFormat.elementType.byteCount
        let scales = try read(
            matrix.scaleName,
            groups.lowerBound * scaleSize..<groups.upperBound * scaleSize
        ).withUnsafeBytes { matrix.scaleFormat.floats(from: $0) }
        for (place, element) in elements.enumerated() {
            let byte = packed[element / 2 - bytes.lowerBound]
            let nibble = element % 2 == 0 ? byte & 15 : byte >> 4
            let scale = scales[element / matrix.groupSize - groups.lowerBound]
            buffer.storeBytes(
                of: Float(Int(nibble) - 8) * scale,
                toByteOffset: place * size,
                as: Float.self
            )
        }
    }

    func quantizedRows(of name: String) throws -> QuantizedRows? {
        guard let matrix = matrices[name] else { return try file.quantizedRows(of: name) }
        let packed = try file.withBytes(of: Int4Groups.packedName(of: name)) { Array($0) }
        let nibbles = [UInt8](unsafeUninitializedCapacity: packed.count * 2) { nibbles, count in
            for (index, byte) in packed.enumerated() {
                nibbles[2 &* index] = byte & 15
                nibbles[2 &* index &+ 1] = byte >> 4
            }
            count = packed.count * 2
        }
        return QuantizedRows(
            .int4(nibbles),
            groupSize: matrix.groupSize,
            scales: try file.floats(of: matrix.scaleName)
        )
    }

    private func read(_ name: String, _ range: Range<Int>) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        try bytes.withUnsafeMutableBytes {
            try file.read(name, at: range.lowerBound, into: $0)
        }
        return bytes
    }
}

extension SafetensorsFile {
    /// The elements of a weight of type I64.
    fileprivate func integers(of name: String) throws -> [Int]? {
        guard entry(name)?.elementType == .int64 else { return nil }
        return try withBytes(of: name) { bytes in
            stride(from: 0, to: bytes.count, by: 8).map {
                Int(Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Int64.self)))
            }
        }
    }
}
