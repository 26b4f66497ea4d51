internal import Basics

/// The weights of a safetensors file as compressed-tensors writes it: matrices of ``PackedIntegers``
/// appear as 32-bit floats under their own names, and the scales of ``Int8Rows`` as 32-bit floats.
///
/// The parts of a matrix may be in several files; it belongs to that of its integers.
final class CompressedWeights: StoredWeightFile {
    private struct Matrix {
        let entry: WeightEntry
        /// 4 or 8.
        let bits: Int
        let groupSize: Int
        let scales: SafetensorsFile
    }

    let names: [String]
    private let file: SafetensorsFile
    private let matrices: [String: Matrix]
    /// The names of parts of matrices, in this file and others.
    private let parts: Set<String>
    /// The names of scales of 8-bit rows that are stored in 16 bits.
    private let shortScales: Set<String>

    var path: String { file.path }

    /// The files as they are where they have no such weights.
    ///
    /// - Throws: ``LoadingError/quantized(path:method:name:)`` for formats of compressed-tensors with
    ///   zero points, another order of columns, or other integers, ``LoadingError/unreadable(path:_:)``
    ///   for parts that are missing, do not fit, or are there twice.
    static func presenting(_ shards: [(name: String, file: SafetensorsFile)])
        throws(LoadingError) -> [(name: String, file: any StoredWeightFile)]
    {
        let isCompressed = shards.contains { shard in
            shard.file.names.contains {
                $0.hasSuffix(PackedIntegers.suffix) || $0.hasSuffix(Int8Rows.scaleName(of: ""))
            }
        }
        guard isCompressed else { return shards.map { ($0.name, $0.file) } }
        var files: [String: SafetensorsFile] = [:]
        for (_, file) in shards { for name in file.names { files[name] = file } }
        let matrices = try matrices(of: files)
        let shortScales = try shortScales(of: files)
        let parts = Set(
            matrices.keys.flatMap {
                [
                    PackedIntegers.packedName(of: $0), PackedIntegers.scaleName(of: $0),
                    PackedIntegers.shapeName(of: $0),
                ]
            }
        )
        return shards.map {
            ($0.name, CompressedWeights($0.file, matrices, hiding: parts, shortScales))
        }
    }

    /// The matrices of packed integers in all files.
    private static func matrices(of files: [String: SafetensorsFile]) throws(LoadingError)
        -> [String: Matrix]
    {
        var matrices: [String: Matrix] = [:]
        for (stored, file) in files where stored.hasSuffix(PackedIntegers.suffix) {
            let name = String(stored.dropLast(PackedIntegers.suffix.count))
            try refuseParts(of: name, in: files)
            guard file.entry(stored)?.elementType == .int32 else {
                throw .quantized(
                    path: file.path,
                    method: "a format of compressed-tensors other than packed integers",
                    name: stored
                )
            }
            do {
                matrices[name] = try matrix(name, in: file, files)
            } catch {
                throw .unreadable(path: file.path, error)
            }
        }
        for name in matrices.keys.sorted() {
            guard let file = files[name] else { continue }
            throw .unreadable(
                path: file.path,
                .packing(name: name, problem: "is stored under its own name as well")
            )
        }
        return matrices
    }

    /// The names of scales of 8-bit rows that have another type than F32.
    private static func shortScales(of files: [String: SafetensorsFile]) throws(LoadingError)
        -> Set<String>
    {
        var scales: Set<String> = []
        for (name, file) in files {
            guard let entry = file.entry(name), entry.elementType == .int8 else { continue }
            let scaleName = Int8Rows.scaleName(of: name)
            guard let found = files[scaleName]?.entry(scaleName) else { continue }
            try refuseParts(of: name, in: files)
            if FloatFormat(found.elementType) != nil, found.elementType != .float32,
                found.shape == [entry.shape.first ?? 1, 1]
            {
                scales.insert(scaleName)
            }
        }
        return scales
    }

    /// Refuses what would change the numbers of a matrix, or those that it is multiplied with.
    private static func refuseParts(of name: String, in files: [String: SafetensorsFile])
        throws(LoadingError)
    {
        let module = name.hasSuffix("weight") ? String(name.dropLast("weight".count)) : name
        let refused = [
            (name + "_zero_point", "zero points"), (name + "_g_idx", "order of columns"),
            (module + "input_scale", "scales of activations"),
            (module + "output_scale", "scales of activations"),
        ]
        for (part, what) in refused {
            guard let file = files[part] else { continue }
            throw .quantized(path: file.path, method: "compressed-tensors' \(what)", name: part)
        }
    }

    private init(
        _ file: SafetensorsFile,
        _ matrices: [String: Matrix],
        hiding parts: Set<String>,
        _ shortScales: Set<String>
    ) {
        self.file = file
        self.parts = parts
        self.shortScales = shortScales
        self.matrices = matrices.filter {
            file.entry(PackedIntegers.packedName(of: $0.key)) != nil
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
            PackedIntegers.scaleName(of: name), PackedIntegers.shapeName(of: name)
        )
        guard let packed = file.entry(PackedIntegers.packedName(of: name)), packed.shape.count == 2,
            packed.shape[1] <= Int.max / 32
        else { throw problem("\"\(PackedIntegers.packedName(of: name))\" is not [rows, integers]") }
        guard let shape = try? files[shapeName]?.integers(of: shapeName) else {
            throw problem("\"\(shapeName)\" is not there as I64 [2]")
        }
        let bits = [4, 8].first { shape == [packed.shape[0], packed.shape[1] * 32 / $0] }
        guard let bits else {
            throw problem(
                "its shape is \(shape), but \(packed.shape[1]) integers of 32 bits a row have "
                    + "\(packed.shape[1] * 8) of 4 or \(packed.shape[1] * 4) of 8, and rows that are "
                    + "filled up are not read"
            )
        }
        guard let scales = files[scaleName], let entry = scales.entry(scaleName),
            FloatFormat(entry.elementType) != nil, entry.shape.count == 2,
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
            bits: bits,
            groupSize: shape[1] / entry.shape[1],
            scales: scales
        )
    }

    func entry(_ name: String) -> WeightEntry? {
        if let matrix = matrices[name] { return matrix.entry }
        guard !parts.contains(name), let entry = file.entry(name) else { return nil }
        return shortScales.contains(name)
            ? WeightEntry(name: name, elementType: .float32, shape: entry.shape) : entry
    }

    func storedType(of name: String) -> String? {
        matrices[name].map { "I\($0.bits)" } ?? file.storedType(of: name)
    }

    func withBytes<Result>(
        of name: String,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        guard matrices[name] != nil || shortScales.contains(name) else {
            return try file.withBytes(of: name, body)
        }
        return try withReadBytes(of: name, body)
    }

    func read(_ name: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        let size = MemoryLayout<Float>.size
        let elements = offset / size..<(offset + buffer.count) / size
        if let matrix = matrices[name] {
            try read(matrix, elements, into: buffer)
        } else if shortScales.contains(name) {
            let scales = try file.floats(of: name, elements)
            scales.withUnsafeBytes { buffer.copyMemory(from: $0) }
        } else {
            try file.read(name, at: offset, into: buffer)
        }
    }

    private func read(
        _ matrix: Matrix,
        _ elements: Range<Int>,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws {
        guard !elements.isEmpty else { return }
        // From the first whole byte on, and the scales of all groups that are touched.
        let perByte = 8 / matrix.bits
        let bytes = elements.lowerBound / perByte..<(elements.upperBound - 1) / perByte + 1
        let groups =
            elements.lowerBound / matrix.groupSize..<(elements.upperBound - 1) / matrix.groupSize
            + 1
        let name = matrix.entry.name
        let packed = try file.bytes(of: PackedIntegers.packedName(of: name), bytes)
        let scales = try matrix.scales.floats(of: PackedIntegers.scaleName(of: name), groups)
        for (place, element) in elements.enumerated() {
            let byte = packed[element / perByte - bytes.lowerBound]
            let integer =
                matrix.bits == 8
                ? Int(byte) - 128 : Int(element % 2 == 0 ? byte & 15 : byte >> 4) - 8
            let scale = scales[element / matrix.groupSize - groups.lowerBound]
            buffer.storeBytes(
                of: Float(integer) * scale,
                toByteOffset: place * MemoryLayout<Float>.size,
                as: Float.self
            )
        }
    }

    /// `nil` also for 8-bit rows, whose scales may be in another file: they are read by the folder.
    func quantizedRows(of name: String) throws -> QuantizedRows? {
        guard let matrix = matrices[name] else { return nil }
        let packed = try file.withBytes(of: PackedIntegers.packedName(of: name)) { Array($0) }
        return QuantizedRows(
            matrix.bits == 8
                ? .int8(packed.map { Int8(bitPattern: $0 ^ 128) }) : .int4(Self.nibbles(packed)),
            groupSize: matrix.groupSize,
            scales: try matrix.scales.floats(of: PackedIntegers.scaleName(of: name))
        )
    }

    /// The halves of bytes, the lower one first.
    private static func nibbles(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bytes.count * 2) { nibbles, count in
            for (index, byte) in bytes.enumerated() {
                nibbles[2 &* index] = byte & 15
                nibbles[2 &* index &+ 1] = byte >> 4
            }
            count = bytes.count * 2
        }
    }
}

extension SafetensorsFile {
    /// Some of the bytes of a weight.
    fileprivate func bytes(of name: String, _ range: Range<Int>) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        try bytes.withUnsafeMutableBytes { try read(name, at: range.lowerBound, into: $0) }
        return bytes
    }

    /// Some elements of a weight of floats.
    fileprivate func floats(of name: String, _ elements: Range<Int>) throws -> [Float] {
        guard let format = entry(name).flatMap({ FloatFormat($0.elementType) }) else {
            throw WeightError.missing(name: name)
        }
        let size = format.elementType.byteCount
        return try bytes(of: name, elements.lowerBound * size..<elements.upperBound * size)
            .withUnsafeBytes { format.floats(from: $0) }
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
