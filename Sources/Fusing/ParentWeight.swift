import Basics
import Checkpoints

/// Rows and columns of a weight: the first dimension, and all others together.
struct MatrixShape: Sendable, Equatable {
    let rows: Int
    let columns: Int

    init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
    }

    init(_ shape: [Int]) {
        rows = shape.first ?? 1
        columns = shape.dropFirst().reduce(1, *)
    }
}

/// A weight of one parent, read in row-major order whatever type it is stored as.
struct ParentWeight: Sendable {
    let parent: Parent.Role
    let name: String
    let shape: MatrixShape
    private let folder: CheckpointFolder
    private let elementType: ElementType
    private let nonFinite: NonFiniteWeights

    init(
        _ entry: WeightEntry,
        of parent: Parent.Role,
        in folder: CheckpointFolder,
        _ nonFinite: NonFiniteWeights
    ) {
        self.parent = parent
        self.folder = folder
        self.nonFinite = nonFinite
        name = entry.name
        shape = MatrixShape(entry.shape)
        elementType = entry.elementType
    }

    /// Whether the weight is stored in `format`, so that its bytes can be copied.
    func isStored(as format: FloatFormat) -> Bool { elementType == format.elementType }

    /// Copies the stored bytes of elements.
    ///
    /// - Throws: `FileError`, and ``FusionError/notFinite(name:parent:)`` where that is asked for.
    func copy(_ elements: Range<Int>, into bytes: UnsafeMutableRawBufferPointer) throws {
        try folder.read(name, at: elements.lowerBound * elementType.byteCount, into: bytes)
        guard let format = FloatFormat(elementType) else { return }
        try check(bytes, format)
    }

    private func check(_ bytes: UnsafeMutableRawBufferPointer, _ format: FloatFormat)
        throws(FusionError)
    {
        guard format.areFinite(UnsafeRawBufferPointer(bytes)) else {
            return try nonFinite.found(name, parent: folder.path)
        }
    }

    /// Adds elements, each times `scale`, to `sums`, which has one place for each; the first term
    /// of a sum replaces what `sums` had.
    func add(
        _ elements: Range<Int>,
        times scale: Float,
        to sums: UnsafeMutableBufferPointer<Float>,
        isFirst: Bool,
        _ memory: FusionMemory
    ) throws {
        let room = memory.stored.room(for: elements.count * elementType.byteCount)
        let stored = UnsafeMutableRawBufferPointer(room)
        try copy(elements, into: stored)
        if let format = FloatFormat(elementType) {
            format.add(UnsafeRawBufferPointer(stored), times: scale, to: sums, isFirst: isFirst)
            return
        }
        // 8-bit integers with one scale a row.
        let rows = elements.lowerBound / shape.columns...(elements.upperBound - 1) / shape.columns
        let scales = memory.scales.room(for: rows.count)
        let scaleName = Int8Rows.scaleName(of: name)
        try folder.read(
            scaleName,
            at: rows.lowerBound * MemoryLayout<Float>.size,
            into: UnsafeMutableRawBufferPointer(scales)
        )
        try check(UnsafeMutableRawBufferPointer(scales), .float32)
        for (place, element) in elements.enumerated() {
            let rowScale = scales[element / shape.columns - rows.lowerBound]
            let value = Float(Int8(bitPattern: stored[place])) * rowScale
            sums[place] = isFirst ? scale * value : sums[place] + scale * value
        }
    }
}

// MARK: Means

extension RowMean {
    /// The sum of means of rows that are `width` wide.
    static func sum(of means: [RowMean], width: Int) throws -> [Float] {
        var sum = [Double](repeating: 0, count: width)
        for mean in means {
            let count = mean.rows.ranges.reduce(0) { $0 + $1.count }
            let factor = mean.scale / Double(max(count, 1))
            for (total, place) in zip(try mean.total(), sum.indices) {
                sum[place] += factor * total
            }
        }
        return sum.map(Float.init)
    }

    /// The sum of the rows, read some hundred kilobytes at a time.
    private func total() throws -> [Double] {
        let width = weight.shape.columns
        let memory = FusionMemory()
        let rowsAtOnce = max(1, (1 << 16) / max(width, 1))
        var total = [Double](repeating: 0, count: width)
        for range in rows.ranges {
            for start in stride(from: range.lowerBound, to: range.upperBound, by: rowsAtOnce) {
                let end = min(start + rowsAtOnce, range.upperBound)
                let floats = memory.sums.room(for: (end - start) * width)
                let elements = start * width..<end * width
                try weight.add(elements, times: 1, to: floats, isFirst: true, memory)
                for row in 0..<end - start {
                    for column in 0..<width {
                        total[column] += Double(floats[row * width + column])
                    }
                }
            }
        }
        return total
    }
}

// MARK: Untrained token embeddings

extension ParentWeight {
    /// The least cosine of two rows that count as parallel.
    ///
    /// Rows that only the gradient of the softmax has moved have 0.998 and more with each other
    /// (decision 13).
    private static let parallelCosine: Float = 0.998

    /// Which rows have the direction of row `reference`.
    func rows(parallelTo reference: Int) throws -> [Bool] {
        let memory = FusionMemory()
        var row = [Float](repeating: 0, count: shape.columns)
        func read(_ index: Int) throws {
            let elements = index * shape.columns..<(index + 1) * shape.columns
            try row.withUnsafeMutableBufferPointer {
                try add(elements, times: 1, to: $0, isFirst: true, memory)
            }
        }
        try read(reference)
        let direction = row
        return try (0..<shape.rows).map {
            try read($0)
            return Self.areParallel(row, direction)
        }
    }

    private static func areParallel(_ row: [Float], _ other: [Float]) -> Bool {
        var (product, size, otherSize): (Float, Float, Float) = (0, 0, 0)
        for (value, reference) in zip(row, other) {
            product += value * reference
            size += value * value
            otherSize += reference * reference
        }
        return product > 0 && product >= parallelCosine * (size * otherSize).squareRoot()
    }
}

/// The memory that one thread of a fusion works in.
struct FusionMemory {
    /// Elements as a parent stores them.
    let stored = WorkingMemory<UInt8>()
    /// The scales of 8-bit rows.
    let scales = WorkingMemory<Float>()
    /// Sums of parents' elements.
    let sums = WorkingMemory<Float>()
    /// Elements of a narrow tile before they are copied to their rows.
    let made = WorkingMemory<UInt8>()
}
