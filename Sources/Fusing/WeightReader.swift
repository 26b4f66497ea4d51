import Basics
import Checkpoints

/// Reads elements of one parent's weight in row-major order, whatever it is stored as.
struct WeightReader: Sendable {
    private let source: CheckpointFolder
    private let name: String
    private let elementSize: Int
    private let encoding: Encoding

    private enum Encoding {
        case floats(FloatFormat)
        /// 8-bit integers in rows of `columns`, and one scale a row.
        case integers(columns: Int, scales: [Float])
    }

    /// Finds out how the weight is stored; the scales of an 8-bit weight are read at once.
    init(_ source: CheckpointFolder, _ name: String) throws {
        guard let entry = source.entry(name) else { throw WeightError.missing(name: name) }
        self.source = source
        self.name = name
        elementSize = entry.elementType.byteCount
        if let format = FloatFormat(entry.elementType) {
            encoding = .floats(format)
        } else if entry.elementType == .int8 {
            encoding = .integers(
                columns: MatrixShape(entry.shape).columns,
                scales: try Int8Rows.scales(of: entry, in: source)
            )
        } else {
            throw WeightError.notFloats(name: name, found: entry.elementType)
        }
    }

    /// Whether the weight is stored in `format`, so that its bytes can be copied.
    func isStored(as format: FloatFormat) -> Bool {
        if case .floats(format) = encoding { return true }
        return false
    }

    /// Copies the bytes of elements as they are.
    func copy(_ elements: Range<Int>, into bytes: UnsafeMutableRawBufferPointer) throws {
        try source.read(name, at: elements.lowerBound * elementSize, into: bytes)
    }

    /// Adds elements, each times `scale`, to `sums`, which has room for just them; the first term of
    /// a sum takes the place of what was there.
    func add(
        _ elements: Range<Int>,
        times scale: Float,
        to sums: UnsafeMutableBufferPointer<Float>,
        isFirst: Bool,
        _ memory: FusionMemory
    ) throws {
        let room = memory.stored.room(for: elements.count * elementSize)
        let bytes = UnsafeMutableRawBufferPointer(room)
        try copy(elements, into: bytes)
        let stored = UnsafeRawBufferPointer(bytes)
        switch encoding {
        case .floats(let format):
            format.add(stored, times: scale, to: sums, isFirst: isFirst)
        case .integers(let columns, let scales):
            for (place, element) in elements.enumerated() {
                let value = Float(Int8(bitPattern: stored[place])) * scales[element / columns]
                sums[place] = isFirst ? scale * value : sums[place] + scale * value
            }
        }
    }
}

/// The memory that one thread of a fusion works in.
struct FusionMemory {
    /// Elements as a parent has them.
    let stored = WorkingMemory<UInt8>()
    /// Elements while they are added up.
    let sums = WorkingMemory<Float>()
    /// Elements as they are written, before they get to their rows.
    let made = WorkingMemory<UInt8>()
}
