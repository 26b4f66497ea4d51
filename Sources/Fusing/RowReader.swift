import Basics
import Checkpoints

/// Reads rows of one parent's weight as 32-bit floats, whatever it is stored as.
struct RowReader {
    private let source: CheckpointFolder
    private let entry: WeightEntry
    private let columns: Int
    private let encoding: Encoding

    private enum Encoding {
        case floats(FloatFormat)
        /// 8-bit integers and one scale a row.
        case integers(scales: [Float])
    }

    /// Finds out how the weight is stored; the scales of an 8-bit weight are read at once.
    init(_ source: CheckpointFolder, _ name: String) throws {
        guard let entry = source.entry(name) else { throw WeightError.missing(name: name) }
        self.source = source
        self.entry = entry
        columns = MatrixShape(entry.shape).columns
        if let format = FloatFormat(entry.elementType) {
            encoding = .floats(format)
        } else if entry.elementType == .int8 {
            encoding = .integers(scales: try Int8Rows.scales(of: entry, in: source))
        } else {
            throw WeightError.notFloats(name: name, found: entry.elementType)
        }
    }

    /// All bytes of the weight where they are of `format`, which needs no conversion then.
    func withBytes<Result>(
        as format: FloatFormat,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result? {
        guard case .floats(format) = encoding else { return nil }
        return try source.withBytes(of: entry.name, body)
    }

    /// Reads whole rows into `floats`, which has room for just them.
    func read(rows: Range<Int>, into floats: UnsafeMutableBufferPointer<Float>) throws {
        try source.withBytes(of: entry.name) { bytes in
            let width = columns * entry.elementType.byteCount
            let slice = UnsafeRawBufferPointer(
                rebasing: bytes[rows.lowerBound * width..<rows.upperBound * width]
            )
            switch encoding {
            case .floats(let format):
                format.read(slice, into: floats)
            case .integers(let scales):
                let values = Int8Rows.dequantize(
                    slice.assumingMemoryBound(to: Int8.self),
                    scales: Array(scales[rows])
                )
                _ = floats.update(fromContentsOf: values)
            }
        }
    }
}
