internal import Layers
internal import Tensors

/// x + convolution(silu(norm(convolution(silu(norm(x)))))).
///
/// The second kernel starts at zero, so that a fresh block changes nothing.
struct ResidualBlock {
    private let norm1: NormalizedActivation
    private let convolution1: Convolution
    private let norm2: NormalizedActivation
    private let convolution2: Convolution

    init(_ channels: Int, groups: Int, _ scope: ParameterScope) throws {
        norm1 = try NormalizedActivation(channels, groups: groups, scope / "norm1")
        convolution1 = try Convolution(channels, channels, scope / "conv1")
        norm2 = try NormalizedActivation(channels, groups: groups, scope / "norm2")
        convolution2 = try Convolution(channels, channels, deviation: 0, scope / "conv2")
    }

    /// x [B, C, H, W] → [B, C, H, W].
    func callAsFunction(_ x: Tensor) -> Tensor {
        x + convolution2(norm2(convolution1(norm1(x))))
    }
}
