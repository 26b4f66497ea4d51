internal import Layers
internal import Tensors

/// x + convolution(silu(norm(convolution(silu(norm(x)))))); a 1 × 1 convolution of x if the number of
/// channels changes.
///
/// The second kernel starts at zero: the block is the identity at initialization.
struct ResidualBlock {
    private let norm1: NormalizedActivation
    private let convolution1: Convolution
    private let norm2: NormalizedActivation
    private let convolution2: Convolution
    private let shortcut: Convolution?

    init(_ input: Int, _ output: Int, groups: Int, _ scope: ParameterScope) throws {
        norm1 = try NormalizedActivation(input, groups: groups, scope / "norm1")
        convolution1 = try Convolution(input, output, scope / "conv1")
        norm2 = try NormalizedActivation(output, groups: groups, scope / "norm2")
        convolution2 = try Convolution(output, output, std: 0, scope / "conv2")
        shortcut =
            input == output ? nil : try Convolution(input, output, size: 1, scope / "nin_shortcut")
    }

    /// x [B, input, H, W] → [B, output, H, W].
    func callAsFunction(_ x: Tensor) -> Tensor {
        (shortcut?(x) ?? x) + convolution2(norm2(convolution1(norm1(x))))
    }
}
