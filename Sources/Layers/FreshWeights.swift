/// What a tower's weights are before they have learned anything.
package struct FreshWeights: Sendable, Equatable {
    /// Matrices.
    package var matrix: Initialization
    /// Matrices that write into the residual stream.
    package var residual: Initialization
    /// The input table and the head.
    package var table: Initialization
    /// Learned positions.
    package var positions: Initialization

    /// Sets each.
    package init(
        matrix: Initialization,
        residual: Initialization,
        table: Initialization,
        positions: Initialization
    ) {
        self.matrix = matrix
        self.residual = residual
        self.table = table
        self.positions = positions
    }

    /// Everything spread by 0.02.
    package static let usual = FreshWeights(
        matrix: .normal(deviation: 0.02),
        residual: .normal(deviation: 0.02),
        table: .normal(deviation: 0.02),
        positions: .normal(deviation: 0.02)
    )

    /// As GPT-2: 0.02, and 0.02 / √(2 L) for what writes into the residual stream of L layers.
    package static func residualsScaled(layers: Int) -> FreshWeights {
        var fresh = usual
        fresh.residual = .normal(deviation: 0.02 / Double(2 * layers).squareRoot())
        return fresh
    }
}
