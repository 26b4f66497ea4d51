internal import Tensors

/// The errors of decoded pixels [B, H, W, 3].
struct ReconstructionLoss {
    /// The mean absolute error.
    let absolute: Tensor
    /// The mean squared error.
    let squared: Tensor
    /// The mean absolute error of the differences between neighboring pixels.
    let edges: Tensor

    init(_ decoded: Tensor, _ original: Tensor) {
        let error = decoded - original
        absolute = error.magnitude().mean()
        squared = (error * error).mean()
        // The error of a difference is the difference of the errors.
        edges =
            Self.differences(of: error, along: 1).magnitude().mean()
            + Self.differences(of: error, along: 2).magnitude().mean()
    }

    private static func differences(of x: Tensor, along dimension: Int) -> Tensor {
        let length = x.size(dimension)
        return x.narrowed(dimension, 1..<length) - x.narrowed(dimension, 0..<length - 1)
    }
}
