internal import Basics

/// The weights of a safetensors file, in which matrices of 4-bit groups appear as 32-bit floats
/// under their own names (see ``Int4Groups``).
///
/// The parts of a matrix may be in several files; it belongs to that of its integers.
final class Int4Weights: StoredWeightFile {
    private struct Matrix {
        let entry: WeightEntry
        let groupSize: Int
        let scaleFormat: FloatFormat
        let scales: SafetensorsFile
    }

    let names: [String]
    private let file: SafetensorsFile
    private let matrices: [String: Matrix]
    /// The names of parts of matrices, in this file and others.
    private let parts: Set<String>

    var path: String { file.path }

    /// The files as they are where they have no such matrices.
    ///
    /// - Throws: ``LoadingError/quantized(path:method:name:)`` for formats of compressed-tensors with
    ///   zero points, another order of columns, or other integers, ``LoadingError/unreadable(path:_:)``
    ///   for parts that are missing, do not fit, or are there twice.
    static func presenting(_ shards: [(name: String, file: SafetensorsFile)])
        throws(LoadingError) -> [(name: String, file: any StoredWeightFile)]
    {
        let arePacked = shards.contains { shard in
            shard.file.names.contains { $0.hasSuffix(Int4Groups.packedSuffix) }
        }
        guard arePacked else { return shards.map { ($0.name, $0.file) } }
        var files: [String: SafetensorsFile] = [:]
        for (_, file) in shards { for name in file.names { files[name] = file } }
        var matrices: [String: Matrix] = [:]
        var parts: Set<String> = []
        for (stored, file) in files where stored.hasSuffix(Int4Groups.packedSuffix) {
            let name = String(stored.dropLast(Int4Groups.packedSuffix.count))
            for other in ["_zero_point", "_g_idx"] where files[name + other] != nil {
                throw .quantized(
                    path: file.path,
                    method: "compressed-tensors' zero points or order of columns",
                    name: name + other
                )
            }
            guard file.entry(stored)?.elementType == .int32 else {
                throw .quantized(
                    path: file.path,
                    method: "a format of compressed-tensors other than 4-bit integers",
                    name: stored
                )
            }
            do {
                matrices[name] = try matrix(name, in: file, files)
            } catch {
                throw .unreadable(path: file.path, error)
            }
            parts.formUnion([
                stored, Int4Groups.scaleName(of: name), Int4Groups.shapeName(of: name),
            ])
        }
        for name in matrices.keys.sorted() where files[name] != nil {
            throw .unreadable(
                path: files[name]?.path ?? "",
                .packing(name: name, problem: "is stored under its own name as well")
            )
        }
        return shards.map { ($0.name, Int4Weights($0.file, matrices, hiding: parts)) }
    }

    private init(_ file: SafetensorsFile, _ matrices: [String: Matrix], hiding parts: Set<String>) {
        self.file = file
        self.parts = parts
        self.matrices = matrices.filter {
            file.entry(Int4Groups.packedName(of: $0.key)) != nil
        }
        names = file.names.filter { !parts.contains($0) } + self.matrices.keys.sorted()
    }

    private static func matrix(
        _ name: String,
        in file: SafetensorsFile,
        _ files: [String: SafetensorsFile]
    ) throws(WeightError) -> Matrix {
        func problem(_ text: String) -> WeightError { .packing(name: name, problem: text) }
        let (scaleName, shapeName) = (
            Int4Groups.scaleName(of: name), Int4Groups.shapeName(of: name)
        )
        guard let packed = file.entry(Int4Groups.packedName(of: name)), packed.shape.count == 2,
            packed.shape[1] <= Int.max / 8
        else { throw problem("\"\(Int4Groups.packedName(of: name))\" is not [rows, columns / 8]") }
        let shape = [packed.shape[0], packed.shape[1] * 8]
        guard let stored = try? files[shapeName]?.integers(of: shapeName) else {
            throw problem("\"\(shapeName)\" is not there as I64 [2]")
        }
        guard stored == shape else {
            throw problem(
                "its shape is \(stored), but \(packed.shape[1]) integers of 32 bits a row have "
                    + "\(shape[1]) of 4"
            )
        }
        guard let scales = files[scaleName], let entry = scales.entry(scaleName),
            let format = FloatFormat(entry.elementType), entry.shape.count == 2,
            entry.shape[0] == shape[0], entry.shape[1] > 0, shape[1] % entry.shape[1] == 0
        else {
            throw problem(
                "\"\(scaleName)\" is not there as floats [\(shape[0]), groups], with groups of equal "
                    + "size in \(shape[1]) columns"
            )
        }
        let whole = WeightEntry(name: name, elementType: .float32, shape: shape)
        guard whole.checkedByteCount != nil else { throw problem("it does not fit memory") }
        return Matrix(
            entry: whole,
            groupSize: shape[1] / entry.shape[1],
            scaleFormat: format,
            scales: scales
        )
    }

    func entry(_ name: String) -> WeightEntry? {
        if let matrix = matrices[name] { return matrix.entry }
        return parts.contains(name) ? nil : file.entry(name)
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
        let packed = try file.bytes(of: Int4Groups.packedName(of: name), bytes)
        let scaleSize = matrix.scaleFormat.elementType.byteCount
        let scales = try matrix.scales.bytes(
            of: Int4Groups.scaleName(of: name),
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
            scales: try matrix.scales.floats(of: Int4Groups.scaleName(of: name))
        )
    }
}

extension SafetensorsFile {
    /// Some of the bytes of a weight.
    fileprivate func bytes(of name: String, _ range: Range<Int>) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        try bytes.withUnsafeMutableBytes { try read(name, at: range.lowerBound, into: $0) }
        return bytes
    }

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
