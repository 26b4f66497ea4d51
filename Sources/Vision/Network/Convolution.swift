internal import Checkpoints
internal import Layers
internal import Tensors

/// A convolution with a bias that keeps the grid, or halves it.
struct Convolution {
    /// Whether the grid stays as it is.
    enum Stride: Int {
        case keeping = 1
        case halving = 2
    }

    private let weight: Tensor
    private let bias: Tensor
    private let stride: Stride
    private let padding: Int

    /// States a kernel [output, input, size, size] of odd size, and its bias.
    ///
    /// `padding` zeros are added on each side; `nil` adds as many as keep or halve the grid.
    /// `deviation` is the spread of a fresh kernel; `nil` makes outputs a third as variable
    /// as inputs, so that a fresh network begins near gray.
    init(
        _ input: Int,
        _ output: Int,
        size: Int = 3,
        stride: Stride = .keeping,
        padding: Int? = nil,
        deviation: Double? = nil,
        _ scope: ParameterScope
    ) throws {
        let fanIn = input * size * size
        let deviation = deviation ?? 1 / Double(3 * fanIn).squareRoot()
        weight = try scope.parameter(
            "weight",
            [output, input, size, size],
            role: .kernel,
            initially: deviation == 0 ? .constant(0) : .normal(deviation: deviation)
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
