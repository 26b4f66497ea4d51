import Basics

/// A stored weight, read in parts and as another type of floats.
///
/// Floats are rounded to nearest, ties to even; a weight `X` of type I8 is read with its `X_scale`
/// (see ``Int8Rows``). Any thread may read.
struct ConvertedWeight: Sendable {
    private let file: any StoredWeightFile
    private let stored: WeightEntry
    private let elementType: ElementType
    /// The scales of a weight in 8 bits that is read as floats.
    private let scales: WeightEntry?

    /// The weight as it is read.
    var entry: WeightEntry {
        WeightEntry(name: stored.name, elementType: elementType, shape: stored.shape)
    }

    /// - Throws: ``WeightError`` if the weight is missing, or its type cannot be read as the other.
    init(
        _ name: String,
        of file: any StoredWeightFile,
        as elementType: ElementType
    ) throws(WeightError) {
        guard let entry = file.entry(name) else { throw .missing(name: name) }
        self.file = file
        self.elementType = elementType
        stored = entry
        let isSame = entry.elementType == elementType
        scales =
            entry.elementType == .int8 && !isSame
            ? try Int8Rows.scalesEntry(of: entry, in: file) : nil
        let isFloat = FloatFormat(entry.elementType) != nil || scales != nil
        guard isSame || FloatFormat(elementType) != nil && isFloat else {
            throw .notFloats(name: name, found: entry.elementType)
        }
    }

    /// Fills `bytes` with elements from `start` on.
    ///
    /// - Throws: ``WeightError/overflow(name:value:)`` for a value that float16 cannot hold.
    func read(from start: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        guard stored.elementType != elementType, let format = FloatFormat(elementType) else {
            let offset = start * stored.elementType.byteCount
            return try file.read(stored.name, at: offset, into: bytes)
        }
        let count = bytes.count / elementType.byteCount
        let floats = try floats(start..<start + count)
        try format.refuseOverflow(in: floats, of: stored.name)
        floats.withUnsafeBufferPointer { format.write($0, into: bytes) }
    }

    /// The type of the numbers as they are stored.
    var storedType: String? { file.storedType(of: stored.name) }

    /// The integers of a matrix that is stored as such and read as 32-bit floats, which are the same
    /// numbers.
    func quantizedRows() throws -> QuantizedRows? {
        elementType == .float32 ? try file.quantizedRows(of: stored.name) : nil
    }

    private func floats(_ elements: Range<Int>) throws -> [Float] {
        let size = stored.elementType.byteCount
        let raw = try read(stored.name, elements.lowerBound * size, elements.count * size)
        guard let scales else {
            guard let format = FloatFormat(stored.elementType) else {
                throw WeightError.notFloats(name: stored.name, found: stored.elementType)
            }
            return raw.withUnsafeBytes { format.floats(from: $0) }
        }
        let columns = max(1, stored.shape.dropFirst().reduce(1, *))
        guard !elements.isEmpty else { return [] }
        let rows = elements.lowerBound / columns...(elements.upperBound - 1) / columns
        let ofRows = try read(scales.name, rows.lowerBound * 4, rows.count * 4).withUnsafeBytes {
            FloatFormat.float32.floats(from: $0)
        }
        return raw.indices.map { index in
            let row = (elements.lowerBound + index) / columns - rows.lowerBound
            return Float(Int8(bitPattern: raw[index])) * ofRows[row]
        }
    }

    private func read(_ name: String, _ offset: Int, _ count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { bytes, initializedCount in
            let room = UnsafeMutableRawBufferPointer(bytes)
            let target = UnsafeMutableRawBufferPointer(rebasing: room[..<count])
            try file.read(name, at: offset, into: target)
            initializedCount = count
        }
    }
}

extension FloatFormat {
    /// Refuses a finite number that would be rounded to infinity: in float16 at least 65520.
    func refuseOverflow(in floats: [Float], of name: String) throws(WeightError) {
        guard self == .float16 else { return }
        for value in floats where value.magnitude >= 65520 && value.isFinite {
            throw .overflow(name: name, value: value)
        }
    }
}
