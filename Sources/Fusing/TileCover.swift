import Checkpoints
import Vocabulary

/// The rectangles of one planned weight, and the proof that they make all of it.
struct TileCover {
    let size: MatrixShape
    let tiles: [Tile]
    private let name: String
    private let parents: Parents

    init(of tensor: PlannedTensor, _ parents: Parents) throws(FusionError) {
        let name = tensor.spec.name
        size = MatrixShape(tensor.spec.shape)
        tiles = try Self.tiles(tensor.rule, size, name, parents)
        self.name = name
        self.parents = parents
    }

    private static func tiles(
        _ rule: TensorRule,
        _ size: MatrixShape,
        _ name: String,
        _ parents: Parents
    ) throws(FusionError) -> [Tile] {
        for source in rule.sources where parents.shape(of: source) == nil {
            throw .inconsistent(name: name, problem: "reads the unknown \"\(source.name)\"")
        }
        return rule.tiles(output: size) { MatrixShape(parents.shape(of: $0) ?? []) }
    }

    /// Throws unless the rectangles lie within the weight, share no element, leave none out, and
    /// each reads rows that its parent has.
    func verify() throws(FusionError) {
        var area = 0
        for (index, tile) in tiles.enumerated() {
            guard tile.rows.upperBound <= size.rows, tile.columns.upperBound <= size.columns else {
                throw .inconsistent(name: name, problem: "goes beyond its shape")
            }
            for other in tiles[..<index]
            where other.rows.overlaps(tile.rows) && other.columns.overlaps(tile.columns) {
                throw .inconsistent(name: name, problem: "makes an element twice")
            }
            area += tile.rows.count * tile.columns.count
            try verifySources(of: tile)
        }
        guard area == size.rows * size.columns else {
            throw .inconsistent(name: name, problem: "leaves elements out")
        }
    }

    private func verifySources(of tile: Tile) throws(FusionError) {
        let terms: [Tile.Term] =
            switch tile.content {
            case .sum(let terms): terms
            case .learned(let weight, _): [Tile.Term(weight: weight)]
            case .zero, .diagonal, .normal, .gathered: []
            }
        if case .gathered(let gatherings) = tile.content {
            for gathering in gatherings { try verify(gathering, of: tile) }
        }
        for term in terms {
            let source = MatrixShape(parents.shape(of: term.weight) ?? [])
            guard source.columns == tile.columns.count,
                term.firstRow + tile.rows.count <= source.rows
            else {
                throw readsTooMuch(of: term.weight)
            }
        }
    }

    private func verify(_ gathering: Tile.Gathering, of tile: Tile) throws(FusionError) {
        let source = MatrixShape(parents.shape(of: gathering.weight) ?? [])
        guard source.columns == tile.columns.count, tile.rows == 0..<gathering.map.count,
            gathering.map.last ?? -1 < source.rows, gathering.untrained ?? -1 < source.rows
        else {
            throw readsTooMuch(of: gathering.weight)
        }
    }

    private func readsTooMuch(of weight: ParentWeight) -> FusionError {
        .inconsistent(name: name, problem: "reads more than there is of \"\(weight.name)\"")
    }
}
