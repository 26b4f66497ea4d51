import Basics

/// A weight whose rows come from a base's weight and from a stored one, in columns side by side.
struct RowWeight: Sendable {
    /// Some columns, with the weights that their runs name.
    private struct Columns: Sendable {
        let range: Range<Int>
        let base: ConvertedWeight?
        let stored: ConvertedWeight?
        let runs: [RowRun]
    }

    let shape: [Int]
    private let columns: [Columns]
    private let elementType: ElementType

    /// Checks the widths and rows of all sources.
    ///
    /// - Throws: ``DeltaProblem`` and `WeightError` for what does not fit.
    init(
        _ rows: Int,
        _ columns: [DeltaRule.Columns],
        _ elementType: ElementType,
        _ stored: SafetensorsFile,
        _ bases: [CheckpointFolder]
    ) throws {
        guard FloatFormat(elementType) != nil else {
            throw DeltaProblem("has the type \(elementType.rawValue); rows are F32, BF16 or F16")
        }
        var end = 0
        self.columns = try columns.map { part in
            let base = try part.base.map {
                try ConvertedWeight($0.name, of: bases[$0.base], as: elementType)
            }
            let rest = try part.stored.map { try ConvertedWeight($0, of: stored, as: elementType) }
            try Self.check(part, base, rest)
            // Both widths are those of weights that are there.
            let range = end..<end + part.width
            end = range.upperBound
            return Columns(range: range, base: base, stored: rest, runs: part.runs)
        }
        shape = [rows, end]
        self.elementType = elementType
    }

    /// Checks that each row that a run names is there and as wide as the columns.
    private static func check(
        _ part: DeltaRule.Columns,
        _ base: ConvertedWeight?,
        _ stored: ConvertedWeight?
    ) throws(DeltaProblem) {
        for (weight, what) in [(base, part.base?.name), (stored, part.stored)] {
            guard let weight, let what else { continue }
            guard weight.entry.shape.count == 2,
                weight.entry.shape[1] == part.width
            else {
                throw DeltaProblem(
                    "\(what.quoted()) has the shape \(weight.entry.shape); [rows, \(part.width)] is "
                        + "expected"
                )
            }
        }
        for run in part.runs {
            let (weight, first, count) =
                switch run.source {
                case .base(let row): (base, row, run.rows.count)
                case .stored(let row): (stored, row, run.rows.count)
                case .fill(let row): (stored, row, 1)
                }
            let rows = weight?.entry.shape[0] ?? 0
            guard first < rows, count <= rows - first else {
                throw DeltaProblem("the rows \(run.rows) are from \(first) on, of only \(rows)")
            }
        }
    }

    /// Fills `bytes` with elements from `start` on.
    func read(from start: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        let size = elementType.byteCount
        let end = start + bytes.count / size
        guard start < end else { return }
        let width = shape[1]
        let rows = start / width..<(end - 1) / width + 1
        // Whole rows, so that each source is read in one piece.
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: rows.count * width * size,
            alignment: 16
        )
        defer { memory.deallocate() }
        for part in columns { try make(rows, of: part, into: memory) }
        let offset = (start - rows.lowerBound * width) * size
        bytes.copyMemory(
            from: UnsafeRawBufferPointer(rebasing: memory[offset..<offset + bytes.count])
        )
    }

    /// Makes some columns of rows, which `memory` has in full width.
    private func make(
        _ rows: Range<Int>,
        of part: Columns,
        into memory: UnsafeMutableRawBufferPointer
    ) throws {
        let size = elementType.byteCount
        let pitch = shape[1] * size
        let width = part.range.count * size
        var buffer: [UInt8] = []
        var index = part.runs.partitioningIndex { $0.rows.upperBound > rows.lowerBound }
        while index < part.runs.count, part.runs[index].rows.lowerBound < rows.upperBound {
            let run = part.runs[index]
            index += 1
            let piece = run.rows.clamped(to: rows)
            let skipped = piece.lowerBound - run.rows.lowerBound
            let (weight, first, count) =
                switch run.source {
                case .base(let row): (part.base, row + skipped, piece.count)
                case .stored(let row): (part.stored, row + skipped, piece.count)
                case .fill(let row): (part.stored, row, 1)
                }
            guard let weight else { preconditionFailure("a run without its weight") }
            buffer = [UInt8](repeating: 0, count: count * width)
            try buffer.withUnsafeMutableBytes { bytes in
                try weight.read(from: first * part.range.count, into: bytes)
                for row in piece {
                    let source = count == 1 ? 0 : row - piece.lowerBound
                    let offset = (row - rows.lowerBound) * pitch + part.range.lowerBound * size
                    UnsafeMutableRawBufferPointer(rebasing: memory[offset..<offset + width])
                        .copyMemory(
                            from: UnsafeRawBufferPointer(
                                rebasing: bytes[source * width..<(source + 1) * width]
                            )
                        )
                }
            }
        }
    }
}

extension Array {
    /// The index of the first element for which `isAfter` is true, as for all that follow.
    fileprivate func partitioningIndex(where isAfter: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
