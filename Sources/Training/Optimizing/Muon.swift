internal import Tensors

/// Updates a matrix [R, C] by Muon with Nesterov momentum (Jordan et al., 2024); a kernel [R, C, H,
/// W] is treated as a matrix [R, C · H · W].
///
/// The update is orthogonalized, and scaled to an RMS of 0.2 · learning rate, that of AdamW, so
/// that one learning rate suits both (Liu et al., 2025, "Muon is scalable for LLM training",
/// equation 4).
///
/// - Parameters:
///   - matrix: float32, of at least two dimensions; without a gradient nothing happens.
///   - momentum: the moving average of the gradients.
///   - learningRate: the learning rate.
///   - momentumDecay: the decay of that average.
///   - weightDecay: decoupled, as in AdamW.
func stepMuon(
    _ matrix: Tensor,
    momentum: Tensor,
    learningRate: Double,
    momentumDecay: Double,
    weightDecay: Double
) {
    withoutGradients {
        guard let gradient = matrix.gradient else { return }
        let mean = momentum * momentumDecay + gradient * (1 - momentumDecay)
        momentum.copy(from: mean)
        let ahead = gradient * (1 - momentumDecay) + mean * momentumDecay
        let rows = ahead.reshaped([matrix.size(0), -1])
        let longerSide = Double(max(rows.size(0), rows.size(1)))
        let step = orthogonalized(rows) * (0.2 * longerSide.squareRoot() * learningRate)
        matrix.copy(from: matrix * (1 - learningRate * weightDecay) - step.reshaped(matrix.shape))
    }
}

/// The nearest semi-orthogonal matrix to x [R, C], roughly: its singular values are between 0.7 and
/// 1.2.
///
/// Five steps of a Newton–Schulz iteration with Jordan's coefficients.
private func orthogonalized(_ x: Tensor) -> Tensor {
    let isTall = x.size(0) > x.size(1)
    var y = isTall ? x.transposed(0, 1) : x
    y = y / ((y * y).sum([0, 1]).power(0.5) + 1e-7)
    for _ in 0..<5 {
        let gram = y.matmul(y.transposed(0, 1))
        y = y * 3.4445 + (gram * -4.7750 + gram.matmul(gram) * 2.0315).matmul(y)
    }
    return isTall ? y.transposed(0, 1) : y
}
