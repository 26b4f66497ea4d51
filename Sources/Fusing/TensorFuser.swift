import Basics
import Checkpoints

/// Makes fused weights one at a time, a few rows at a time, in 32-bit floats.
///
/// Its memory is used again for each: the bytes of one weight, and twice some rows.
struct TensorFuser {
    private let parents: Parents
    private let format: FloatFormat
    private let output = WorkingMemory<UInt8>()
    private let sums = WorkingMemory<Float>()
    private let scratch = WorkingMemory<Float>()

    /// The floats that are worked on at once, unless a single row has more: they stay in the cache.
    private static let chunkCount = 1 << 16

    init(_ parents: Parents, format: FloatFormat) {
        self.parents = parents
        self.format = format
    }

    /// Makes one weight and lends its bytes to `body`.
    func fuse(_ tensor: PlannedTensor, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        if case .copy(let weight) = tensor.rule {
            let reader = try RowReader(parents[weight.parent].folder, weight.name)
            if try reader.withBytes(as: format, body) != nil { return }
        }
        let bytes = UnsafeMutableRawBufferPointer(output.room(for: tensor.entry.byteCount))
        try fill(bytes, TileCover(of: tensor, parents), name: tensor.spec.name)
        try body(UnsafeRawBufferPointer(bytes))
    }

    private func fill(
        _ bytes: UnsafeMutableRawBufferPointer,
        _ cover: TileCover,
        name: String
    ) throws {
        let columns = cover.size.columns
        let rowsAtOnce = max(1, Self.chunkCount / max(1, columns))
        let rowSize = columns * format.elementType.byteCount
        var painters = try cover.tiles.map { try TilePainter($0, parents, name: name) }

        for first in stride(from: 0, to: cover.size.rows, by: rowsAtOnce) {
            let rows = first..<min(first + rowsAtOnce, cover.size.rows)
            let band = sums.room(for: rows.count * columns)
            for index in painters.indices {
                let values = scratch.room(for: rows.count * columns)
                try painters[index].paint(rows, band, width: columns, values)
            }
            if format == .float16 { try refuseOverflow(in: band, name) }
            let range = rows.lowerBound * rowSize..<rows.upperBound * rowSize
            format.write(
                UnsafeBufferPointer(band),
                into: UnsafeMutableRawBufferPointer(rebasing: bytes[range])
            )
        }
    }

    /// A finite number of at least 65520 would be rounded to infinity.
    private func refuseOverflow(
        in floats: UnsafeMutableBufferPointer<Float>,
        _ name: String
    ) throws(FusionError) {
        for value in floats where value.magnitude >= 65520 && value.isFinite {
            throw .overflow(name: name, value: value)
        }
    }
}
