import Basics
import Checkpoints

/// Makes any elements of one fused weight, on any thread.
struct TensorMaker: Sendable {
    private let columns: Int
    private let elementSize: Int
    private let tiles: [TileMaker]

    /// Opens what the weight is made of.
    init(_ tensor: PlannedTensor, of parents: Parents, as format: FloatFormat) throws {
        let cover = try TileCover(of: tensor, parents)
        columns = cover.size.columns
        elementSize = format.elementType.byteCount
        tiles = try cover.tiles.map {
            try TileMaker($0, of: parents, name: tensor.spec.name, as: format)
        }
    }

    /// Makes a part of the weight.
    func make(
        _ part: WeightPart,
        into bytes: UnsafeMutableRawBufferPointer,
        _ memory: FusionMemory
    ) throws {
        let elements = part.bytes.lowerBound / elementSize..<part.bytes.upperBound / elementSize
        for tile in tiles {
            // What two places of the weight enclose of a rectangle is without a gap in it.
            let share =
                tile.tile.count(
                    before: elements.lowerBound,
                    width: columns
                )..<tile.tile.count(before: elements.upperBound, width: columns)
            guard !share.isEmpty else { continue }
            if tile.tile.columns.count == columns {
                let first = tile.tile.rows.lowerBound * columns + share.lowerBound
                let place = (first - elements.lowerBound) * elementSize
                let end = place + share.count * elementSize
                let target = UnsafeMutableRawBufferPointer(rebasing: bytes[place..<end])
                try tile.make(share, into: target, memory)
            } else {
                let made = memory.made.room(for: share.count * elementSize)
                try tile.make(share, into: UnsafeMutableRawBufferPointer(made), memory)
                place(UnsafeRawBufferPointer(made), share, of: tile.tile, elements, bytes)
            }
        }
    }

    /// Brings elements of a narrow rectangle to their rows.
    private func place(
        _ made: UnsafeRawBufferPointer,
        _ share: Range<Int>,
        of tile: Tile,
        _ elements: Range<Int>,
        _ bytes: UnsafeMutableRawBufferPointer
    ) {
        let width = tile.columns.count
        for row in share.lowerBound / width...(share.upperBound - 1) / width {
            let line = (row * width..<(row + 1) * width).clamped(to: share)
            let first =
                (tile.rows.lowerBound + row) * columns + tile.columns.lowerBound
                + line.lowerBound - row * width
            let target = (first - elements.lowerBound) * elementSize
            let source = (line.lowerBound - share.lowerBound) * elementSize
            let size = line.count * elementSize
            UnsafeMutableRawBufferPointer(rebasing: bytes[target..<target + size])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: made[source..<source + size]))
        }
    }
}

/// All weights of a plan, ready to be made.
struct TensorMakers: Sendable {
    private let makers: [String: TensorMaker]
    private let memory = Pool { FusionMemory() }

    /// Opens what the weights are made of; scales and untrained rows are read already.
    init(_ plan: FusionPlan, of parents: Parents) throws {
        var makers: [String: TensorMaker] = [:]
        for tensor in plan.tensors {
            makers[tensor.spec.name] = try TensorMaker(tensor, of: parents, as: plan.format)
        }
        self.makers = makers
    }

    /// Makes a part of a weight.
    @Sendable func make(_ part: WeightPart, into bytes: UnsafeMutableRawBufferPointer) throws {
        guard let maker = makers[part.name] else { throw WeightError.missing(name: part.name) }
        try memory.lend { try maker.make(part, into: bytes, $0) }
    }
}
