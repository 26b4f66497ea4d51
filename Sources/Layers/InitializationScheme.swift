/// How the weights of a tower are initialized.
package struct InitializationScheme: Sendable, Equatable {
    package var matrix: Initialization
    /// Matrices that write into the residual stream.
    package var residual: Initialization
    /// The input table and the head.
    package var table: Initialization
    /// Learned position embeddings.
    package var positions: Initialization

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

    /// Normal, std 0.02.
    package static let standard = InitializationScheme(
        matrix: .normal(std: 0.02),
        residual: .normal(std: 0.02),
        table: .normal(std: 0.02),
        positions: .normal(std: 0.02)
    )

    /// As in GPT-2: std 0.02, and 0.02 / √(2 L) for matrices that write into the residual stream.
    package static func scaledResiduals(layers: Int) -> InitializationScheme {
        var scheme = standard
        scheme.residual = .normal(std: 0.02 / Double(2 * layers).squareRoot())
        return scheme
    }
}
