import Basics
import Checkpoints
import Foundation
import Layers

// Any elements of a weight are made on any thread at any time; sums are taken in float32.

extension PlannedTensor {
    /// The elements that are summed at once: they stay in the cache.
    private static let bandCount = 1 << 15

    /// Makes the bytes `range` of the weight, which begin and end with an element.
    func make(
        _ range: Range<Int>,
        into bytes: UnsafeMutableRawBufferPointer,
        _ memory: FusionMemory
    ) throws {
        let size = format.elementType.byteCount
        let elements = range.lowerBound / size..<range.upperBound / size
        let width = MatrixShape(spec.shape).columns
        for tile in rule.tiles {
            // A contiguous range of the weight meets a tile in a contiguous range of the tile.
            let (first, last) = (
                tile.count(before: elements.lowerBound, width: width),
                tile.count(before: elements.upperBound, width: width)
            )
            guard first < last else { continue }
            if tile.columns.count == width {
                let start = tile.rows.lowerBound * width + first - elements.lowerBound
                let target = bytes.part(start..<start + last - first, size)
                try make(first..<last, of: tile, into: target, memory)
            } else {
                let room = memory.made.room(for: (last - first) * size)
                let made = UnsafeMutableRawBufferPointer(room)
                try make(first..<last, of: tile, into: made, memory)
                for line in lines(of: first..<last, width: tile.columns.count) {
                    let (row, column) = line.lowerBound.quotientAndRemainder(
                        dividingBy: tile.columns.count
                    )
                    let start =
                        (tile.rows.lowerBound + row) * width + tile.columns.lowerBound + column
                        - elements.lowerBound
                    bytes.part(start..<start + line.count, size)
                        .copyMemory(
                            from: UnsafeRawBufferPointer(made.part(line, from: first, size))
                        )
                }
            }
        }
    }

    /// The ranges in which `elements` of a matrix lie in its rows.
    private func lines(of elements: Range<Int>, width: Int) -> some Sequence<Range<Int>> {
        (elements.lowerBound / width...(elements.upperBound - 1) / width).lazy.map {
            ($0 * width..<($0 + 1) * width).clamped(to: elements)
        }
    }

    /// Makes elements of a tile, counted row by row from its first.
    private func make(
        _ elements: Range<Int>,
        of tile: Tile,
        into bytes: UnsafeMutableRawBufferPointer,
        _ memory: FusionMemory
    ) throws {
        let size = format.elementType.byteCount
        switch tile.content {
        case .means: preconditionFailure("means are found before a weight is made")
        case .row(let values):
            try makeFloats(elements, into: bytes, memory) { band, sums in
                for (place, element) in band.enumerated() {
                    sums[place] = values[element % values.count]
                }
            }
        case .constant(let value):
            try makeFloats(elements, into: bytes, memory) { _, sums in sums.update(repeating: value)
            }
        case .diagonal(let value):
            try makeFloats(elements, into: bytes, memory) { band, sums in
                for (place, element) in band.enumerated() {
                    let (row, column) = element.quotientAndRemainder(
                        dividingBy: tile.columns.count
                    )
                    sums[place] = row == column ? value : 0
                }
            }
        case .normal(let deviation, let seed):
            let generator = SeededGenerator(seed: seed, spec.name.stableHash)
            try makeFloats(elements, into: bytes, memory) { band, sums in
                var noise = NormalNumbers(generator, deviation: deviation, from: band.lowerBound)
                for place in sums.indices { sums[place] = noise.next() }
            }
        case .sum(let terms):
            let width = tile.columns.count
            let rowCount = (elements.upperBound - 1) / width + 1
            var start = elements.lowerBound
            while start < elements.upperBound {
                let (end, sources) = sources(of: terms, from: start / width, upTo: rowCount, width)
                let run = start..<min(end * width, elements.upperBound)
                let target = bytes.part(run, from: elements.lowerBound, size)
                try add(sources, run, into: target, memory)
                start = run.upperBound
            }
        }
    }

    /// A parent's elements at a fixed offset from those of a tile, times a number.
    private typealias Source = (weight: ParentWeight, offset: Int, scale: Float)

    /// What the rows of a tile from `row` on are the sum of, and the row where that changes.
    private func sources(of terms: [Term], from row: Int, upTo limit: Int, _ width: Int)
        -> (end: Int, sources: [Source])
    {
        var end = limit
        var sources: [Source] = []
        for term in terms {
            let run = term.run(from: row, upTo: end)
            end = run.end
            sources += run.sources.map { (term.weight, ($0 - row) * width, run.scale) }
        }
        return (end, sources)
    }

    /// Makes elements that are the sum of `sources`.
    private func add(
        _ sources: [Source],
        _ elements: Range<Int>,
        into bytes: UnsafeMutableRawBufferPointer,
        _ memory: FusionMemory
    ) throws {
        guard let first = sources.first else {
            _ = bytes.initializeMemory(as: UInt8.self, repeating: 0)
            return
        }
        if sources.count == 1, first.scale == 1, first.weight.isStored(as: format) {
            try first.weight.copy(elements.shifted(by: first.offset), into: bytes)
            return
        }
        try makeFloats(elements, into: bytes, memory) { band, sums in
            for (index, source) in sources.enumerated() {
                try source.weight.add(
                    band.shifted(by: source.offset),
                    times: source.scale,
                    to: sums,
                    isFirst: index == 0,
                    memory
                )
            }
        }
    }

    /// Makes elements in float32, a band at a time, and rounds them to the weight's type.
    private func makeFloats(
        _ elements: Range<Int>,
        into bytes: UnsafeMutableRawBufferPointer,
        _ memory: FusionMemory,
        _ fill: (Range<Int>, UnsafeMutableBufferPointer<Float>) throws -> Void
    ) throws {
        for start in stride(from: elements.lowerBound, to: elements.upperBound, by: Self.bandCount)
        {
            let band = start..<min(start + Self.bandCount, elements.upperBound)
            let sums = memory.sums.room(for: band.count)
            try fill(band, sums)
            if format == .float16 { try refuseOverflow(in: sums) }
            let target = bytes.part(band, from: elements.lowerBound, format.elementType.byteCount)
            format.write(UnsafeBufferPointer(sums), into: target)
        }
    }

    /// A finite number of at least 65520 would be rounded to infinity.
    private func refuseOverflow(in floats: UnsafeMutableBufferPointer<Float>) throws(FusionError) {
        for value in floats where value.magnitude >= 65520 && value.isFinite {
            throw .overflow(name: spec.name, value: value)
        }
    }
}

extension Range<Int> {
    fileprivate func shifted(by offset: Int) -> Range<Int> {
        lowerBound + offset..<upperBound + offset
    }
}

extension UnsafeMutableRawBufferPointer {
    /// The bytes of elements of `size` bytes, of which the element `first` is the buffer's first.
    fileprivate func part(_ elements: Range<Int>, from first: Int = 0, _ size: Int)
        -> UnsafeMutableRawBufferPointer
    {
        let range = elements.shifted(by: -first)
        return UnsafeMutableRawBufferPointer(
            rebasing: self[range.lowerBound * size..<range.upperBound * size]
        )
    }
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
