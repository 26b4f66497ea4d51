internal import Checkpoints
internal import Layers
internal import Tensors

/// A convolution with bias that keeps or halves the grid.
struct Convolution {
    enum Stride: Int {
        case keeping = 1
        case halving = 2
    }

    private let weight: Tensor
    private let bias: Tensor
    private let stride: Stride
    private let padding: Int

    /// Declares a kernel [output, input, size, size] of odd size and its bias.
    ///
    /// The padding is the number of zeros on each side, by default as many as keep or halve the grid.
    /// The initial std of the kernel by default reduces the variance of outputs to a third of that of
    /// inputs, so that the initial network decodes nearly gray images.
    init(
        _ input: Int,
        _ output: Int,
        size: Int = 3,
        stride: Stride = .keeping,
        padding: Int? = nil,
        std: Double? = nil,
        _ scope: ParameterScope
    ) throws {
        let fanIn = input * size * size
        let std = std ?? 1 / Double(3 * fanIn).squareRoot()
        weight = try scope.parameter(
            "weight",
            [output, input, size, size],
            role: .kernel,
            initially: std == 0 ? .constant(0) : .normal(std: std)
        )
        bias = try scope.parameter("bias", [output], role: .bias, initially: .constant(0))
        self.stride = stride
        self.padding = padding ?? size / 2
    }

    /// x [B, input, H, W] → [B, output, H / stride, W / stride], for an even grid.
    func callAsFunction(_ x: Tensor) -> Tensor {
        x.convolved(weight, bias: bias, stride: stride.rawValue, padding: padding)
    }
}
