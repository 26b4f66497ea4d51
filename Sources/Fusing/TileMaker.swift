import Basics
import Checkpoints
import Foundation
import Layers

/// Makes the elements of one rectangle of a weight, any of them at any time.
struct TileMaker: Sendable {
    let tile: Tile
    private let name: String
    private let format: FloatFormat
    private let terms: [Term]
    private let gatherers: [RowGatherer]
    /// Rows of the rectangle that are zero instead.
    private let zeroRows: [Bool]

    private struct Term {
        let reader: WeightReader
        /// The first element that the rectangle takes.
        let start: Int
        let scale: Float
    }

    /// The elements that are added up at once: they stay in the cache.
    private static let bandCount = 1 << 15

    /// Opens what the rectangle is made of; `name` is that of the weight.
    init(_ tile: Tile, of parents: Parents, name: String, as format: FloatFormat) throws {
        self.tile = tile
        self.name = name
        self.format = format
        func reader(_ weight: ParentWeight) throws -> WeightReader {
            try WeightReader(parents[weight.parent].folder, weight.name)
        }
        if case .gathered(let gatherings) = tile.content {
            gatherers = try gatherings.map {
                try RowGatherer($0, parents, columns: tile.columns.count)
            }
        } else {
            gatherers = []
        }
        switch tile.content {
        case .sum(let sources):
            zeroRows = []
            terms = try sources.map {
                let start = $0.firstRow * tile.columns.count
                return Term(reader: try reader($0.weight), start: start, scale: $0.scale)
            }
        case .learned(let weight, let token):
            let table = try reader(weight)
            terms = [Term(reader: table, start: 0, scale: 1)]
            let untrained = try UntrainedRows(like: token, of: table, tile.columns.count)
            zeroRows = try untrained.found(among: tile.rows.count)
        case .zero, .diagonal, .normal, .gathered:
            terms = []
            zeroRows = []
        }
    }

    /// Makes elements of the rectangle, counted row by row from its first.
    func make(
        _ elements: Range<Int>,
        into bytes: UnsafeMutableRawBufferPointer,
        _ memory: FusionMemory
    ) throws {
        if case .zero = tile.content {
            _ = bytes.initializeMemory(as: UInt8.self, repeating: 0)
        } else if let term = terms.first, terms.count == 1, term.scale == 1,
            term.reader.isStored(as: format)
        {
            try term.reader.copy(elements.shifted(by: term.start), into: bytes)
        } else {
            try add(elements, into: bytes, memory)
        }
        clearZeroRows(elements, bytes)
    }

    /// Makes elements in 32-bit floats, a band at a time.
    private func add(
        _ elements: Range<Int>,
        into bytes: UnsafeMutableRawBufferPointer,
        _ memory: FusionMemory
    ) throws {
        let size = format.elementType.byteCount
        for start in stride(from: elements.lowerBound, to: elements.upperBound, by: Self.bandCount)
        {
            let band = start..<min(start + Self.bandCount, elements.upperBound)
            let sums = memory.sums.room(for: band.count)
            try fill(sums, with: band, memory)
            if format == .float16 { try refuseOverflow(in: sums) }
            let place = (start - elements.lowerBound) * size
            format.write(
                UnsafeBufferPointer(sums),
                into: UnsafeMutableRawBufferPointer(
                    rebasing: bytes[place..<place + band.count * size]
                )
            )
        }
    }

    private func fill(
        _ sums: UnsafeMutableBufferPointer<Float>,
        with elements: Range<Int>,
        _ memory: FusionMemory
    ) throws {
        let columns = tile.columns.count
        switch tile.content {
        case .zero:
            sums.update(repeating: 0)
        case .diagonal(let value):
            for (place, element) in elements.enumerated() {
                sums[place] = element / columns == element % columns ? value : 0
            }
        case .normal(let deviation, let seed):
            var noise = NormalNumbers(
                SeededGenerator(seed: seed, name.stableHash),
                deviation: deviation,
                from: elements.lowerBound
            )
            for place in sums.indices { sums[place] = noise.next() }
        case .gathered:
            sums.update(repeating: 0)
            for gatherer in gatherers { try gatherer.add(elements, to: sums, memory) }
        case .sum, .learned:
            for (index, term) in terms.enumerated() {
                let source = elements.shifted(by: term.start)
                let isFirst = index == 0
                try term.reader.add(source, times: term.scale, to: sums, isFirst: isFirst, memory)
            }
        }
    }

    private func clearZeroRows(_ elements: Range<Int>, _ bytes: UnsafeMutableRawBufferPointer) {
        guard zeroRows.contains(true) else { return }
        let columns = tile.columns.count
        let size = format.elementType.byteCount
        for row in elements.lowerBound / columns...(elements.upperBound - 1) / columns
        where zeroRows[row] {
            let part = (row * columns..<(row + 1) * columns).clamped(to: elements)
                .shifted(by: -elements.lowerBound)
            let place = part.lowerBound * size..<part.upperBound * size
            _ = UnsafeMutableRawBufferPointer(rebasing: bytes[place])
                .initializeMemory(as: UInt8.self, repeating: 0)
        }
    }

    /// A finite number of at least 65520 would be rounded to infinity.
    private func refuseOverflow(in floats: UnsafeMutableBufferPointer<Float>) throws(FusionError) {
        for value in floats where value.magnitude >= 65520 && value.isFinite {
            throw .overflow(name: name, value: value)
        }
    }
}

extension Range<Int> {
    /// The range moved by an offset.
    func shifted(by offset: Int) -> Range<Int> { lowerBound + offset..<upperBound + offset }
}

/// Normally distributed numbers (Box and Muller, 1958).
private struct NormalNumbers {
    private var generator: SeededGenerator
    private let deviation: Double

    /// Begins at the number `index` of the stream of `generator`, which takes two for each.
    init(_ generator: SeededGenerator, deviation: Double, from index: Int) {
        self.generator = generator
        self.generator.skip(2 * index)
        self.deviation = deviation
    }

    mutating func next() -> Float {
        // 1 - u lies in (0, 1], where the logarithm is finite.
        let radius = (-2 * log(1 - generator.nextUniform())).squareRoot()
        return Float(deviation * radius * cos(2 * Double.pi * generator.nextUniform()))
    }
}
