import Basics
import Checkpoints
import Foundation
import Layers

/// Fills one rectangle of a weight, band after band from the top.
struct TilePainter {
    private let tile: Tile
    private let terms: [(reader: RowReader, firstRow: Int, scale: Float)]
    private var noise: NormalNumbers?
    private var unlearned: UnlearnedRows?
    private var gatherers: [RowGatherer] = []

    init(_ tile: Tile, _ parents: Parents, name: String) throws {
        self.tile = tile
        switch tile.content {
        case .sum(let terms):
            self.terms = try terms.map {
                let reader = try RowReader(parents[$0.weight.parent].folder, $0.weight.name)
                return (reader, $0.firstRow, $0.scale)
            }
        case .learned(let weight, let token):
            let reader = try RowReader(parents[weight.parent].folder, weight.name)
            terms = [(reader, 0, 1)]
            unlearned = try UnlearnedRows(like: token, of: reader, columns: tile.columns.count)
        case .normal(let deviation, let seed):
            terms = []
            noise = NormalNumbers(
                SeededGenerator(seed: seed, name.stableHash),
                deviation: deviation
            )
        case .gathered(let gatherings):
            terms = []
            gatherers = try gatherings.map {
                try RowGatherer($0, parents, columns: tile.columns.count)
            }
        case .zero, .diagonal:
            terms = []
        }
    }

    /// Sets what `band`, which begins at row `rows` of the weight and is `width` wide, has of the
    /// rectangle.
    mutating func paint(
        _ rows: Range<Int>,
        _ band: UnsafeMutableBufferPointer<Float>,
        width: Int,
        _ scratch: UnsafeMutableBufferPointer<Float>
    ) throws {
        let shared = rows.clamped(to: tile.rows)
        guard !shared.isEmpty, !tile.columns.isEmpty else { return }
        func line(_ row: Int) -> UnsafeMutableBufferPointer<Float> {
            let start = (row - rows.lowerBound) * width + tile.columns.lowerBound
            return UnsafeMutableBufferPointer(rebasing: band[start..<start + tile.columns.count])
        }
        switch tile.content {
        case .zero:
            for row in shared { line(row).update(repeating: 0) }
        case .diagonal(let value):
            for row in shared {
                line(row).update(repeating: 0)
                let place = row - tile.rows.lowerBound
                if place < tile.columns.count { line(row)[place] = value }
            }
        case .normal:
            for row in shared {
                let line = line(row)
                for column in line.indices { line[column] = noise?.next() ?? 0 }
            }
        case .gathered:
            let values = UnsafeMutableBufferPointer(rebasing: scratch[..<tile.columns.count])
            for row in shared {
                line(row).update(repeating: 0)
                for gatherer in gatherers { try gatherer.add(row, to: line(row), values) }
            }
        case .sum, .learned:
            let count = tile.columns.count
            let values = UnsafeMutableBufferPointer(rebasing: scratch[..<(shared.count * count)])
            for (index, term) in terms.enumerated() {
                let offset = term.firstRow - tile.rows.lowerBound
                try term.reader.read(
                    rows: shared.lowerBound + offset..<shared.upperBound + offset,
                    into: values
                )
                for (order, row) in shared.enumerated() {
                    let source = UnsafeBufferPointer(
                        rebasing: values[order * count..<(order + 1) * count]
                    )
                    if unlearned?.contains(source) == true {
                        line(row).update(repeating: 0)
                    } else {
                        Self.add(source, times: term.scale, to: line(row), isFirst: index == 0)
                    }
                }
            }
        }
    }

    private static func add(
        _ source: UnsafeBufferPointer<Float>,
        times scale: Float,
        to target: UnsafeMutableBufferPointer<Float>,
        isFirst: Bool
    ) {
        if isFirst {
            for i in 0..<target.count { target[i] = scale * source[i] }
        } else {
            for i in 0..<target.count { target[i] += scale * source[i] }
        }
    }
}

/// Normally distributed numbers (Box and Muller, 1958).
private struct NormalNumbers {
    private var generator: SeededGenerator
    private let deviation: Double

    init(_ generator: SeededGenerator, deviation: Double) {
        self.generator = generator
        self.deviation = deviation
    }

    mutating func next() -> Float {
        // 1 - u lies in (0, 1], where the logarithm is finite.
        let radius = (-2 * log(1 - generator.nextUniform())).squareRoot()
        return Float(deviation * radius * cos(2 * Double.pi * generator.nextUniform()))
    }
}
