internal import Tensors

/// Moves a matrix [R, C] that has a gradient by one step of Muon (Jordan et al., 2024); a kernel
/// [R, C, H, W] counts as a matrix [R, C · H · W].
///
/// The gradients' running mean, looked one step ahead (Nesterov), is made orthogonal, so that the
/// step goes equally far in all directions that the gradients ever take, the rare ones too. It is
/// scaled to the spread of an AdamW step, 0.2 · rate an element, so that one rate suits both rules
/// (Liu et al., 2025, "Muon is scalable for LLM training", equation 4).
///
/// - Parameters:
///   - matrix: a float32 leaf of at least two dimensions; without gradient nothing happens.
///   - momentum: the running mean, shaped as the matrix.
///   - learningRate: the learning rate.
///   - momentumDecay: how much of the mean stays.
///   - weightDecay: the decoupled weight weightDecay.
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

/// About the nearest matrix to x [R, C] whose singular values are all one, by five steps of a
/// Newton–Schulz iteration; its singular values lie between 0.7 and 1.2.
///
/// The three coefficients are Jordan's, whose polynomial is steepest at zero.
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
