internal import Tensors

/// How far decoded pixels are from the originals.
struct ReconstructionLoss {
    /// The mean absolute error.
    let absolute: Tensor
    /// The mean squared error.
    let squared: Tensor
    /// The mean absolute error of the differences between neighbouring pixels.
    let edges: Tensor

    /// Compares pixels [B, H, W, 3].
    init(_ decoded: Tensor, _ original: Tensor) {
        let error = decoded - original
        absolute = error.magnitude().mean()
        squared = (error * error).mean()
        // The difference of differences is the difference of the errors.
        edges =
            Self.steps(of: error, along: 1).magnitude().mean()
            + Self.steps(of: error, along: 2).magnitude().mean()
    }

    private static func steps(of x: Tensor, along dimension: Int) -> Tensor {
        let length = x.size(dimension)
        return x.narrowed(dimension, 1..<length) - x.narrowed(dimension, 0..<length - 1)
    }
}
