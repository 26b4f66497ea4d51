package import Checkpoints
import Vocabulary

/// One weight of the fused model and how it is made: tiles that cover it, each element once.
package struct PlannedTensor: Sendable {
    /// The part of a model that a weight belongs to.
    enum Group: String, CaseIterable {
        case embedding
        case attention
        case feedForward = "feed-forward"
        case norms
        case bridges
        case mixer
        case head
        case auxiliary
    }

    /// The name, shape and role in the fused model.
    package let spec: ParameterSpec
    let format: FloatFormat
    private(set) var rule: TensorRule

    /// Plans the weight `spec`, stored in `format`.
    ///
    /// - Throws: ``FusionError/inconsistent(name:problem:)`` unless the tiles of `rule` lie within
    ///   the weight, share no element, leave none out, and each reads rows that its parent has.
    init(_ spec: ParameterSpec, format: FloatFormat, rule: TensorRule) throws(FusionError) {
        self.spec = spec
        self.format = format
        self.rule = rule
        try verifyCover()
    }

    /// The name, type and shape as stored.
    var entry: WeightEntry {
        WeightEntry(name: spec.name, elementType: format.elementType, shape: spec.shape)
    }

    /// The weight with the untrained rows and the means of its rule found: the last step before it
    /// is made.
    func prepared() throws -> PlannedTensor {
        var tensor = self
        for index in rule.tiles.indices {
            guard case .means(let means) = rule.tiles[index].content else { continue }
            let width = rule.tiles[index].columns.count
            tensor.rule.tiles[index].content = .row(try RowMean.sum(of: means, width: width))
        }
        for index in rule.tiles.indices
        where rule.tiles[index].terms.contains(where: { $0.untrained != nil }) {
            let terms = try rule.tiles[index].terms.map { try $0.findingUntrainedRows() }
            tensor.rule.tiles[index].content = .sum(terms)
        }
        return tensor
    }

    var group: Group {
        if spec.name.hasPrefix("bridges.") { return .bridges }
        if spec.name.hasPrefix("mixer.") { return .mixer }
        switch spec.role {
        case .table, .positions: return .embedding
        case .head: return .head
        case .scale: return .norms
        case .kernel: return .auxiliary
        case .matrix, .bias:
            let isFeedForward = [".mlp.", ".fc1.", ".fc2."].contains { spec.name.contains($0) }
            return isFeedForward ? .feedForward : .attention
        }
    }

    // MARK: Verification

    private func verifyCover() throws(FusionError) {
        let shape = MatrixShape(spec.shape)
        var area = 0
        for (index, tile) in rule.tiles.enumerated() {
            guard tile.rows.upperBound <= shape.rows, tile.columns.upperBound <= shape.columns
            else { throw failure("goes beyond its shape") }
            for other in rule.tiles[..<index]
            where other.rows.overlaps(tile.rows) && other.columns.overlaps(tile.columns) {
                throw failure("makes an element twice")
            }
            area += tile.rows.count * tile.columns.count
            for term in tile.terms where !term.canFill(tile) {
                throw failure("reads more than there is of \"\(term.weight.name)\"")
            }
        }
        guard area == shape.rows * shape.columns else { throw failure("leaves elements out") }
    }

    private func failure(_ problem: String) -> FusionError {
        .inconsistent(name: spec.name, problem: problem)
    }
}

extension Term {
    /// Whether the parent has all rows that a tile takes, in the tile's width.
    fileprivate func canFill(_ tile: Tile) -> Bool {
        guard weight.shape.columns == tile.columns.count, untrained ?? -1 < weight.shape.rows
        else { return false }
        switch rows {
        case .from(let first): return first + tile.rows.count <= weight.shape.rows
        case .mapped(let map):
            return tile.rows.count == map.count && map.last ?? -1 < weight.shape.rows
        }
    }
}
