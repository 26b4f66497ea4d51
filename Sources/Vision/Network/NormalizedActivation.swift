internal import Checkpoints
internal import Layers
internal import Tensors

/// Group norm (Wu and He, 2018), then SiLU.
struct NormalizedActivation {
    private let weight: Tensor
    private let bias: Tensor
    private let groups: Int

    init(_ channels: Int, groups: Int, _ scope: ParameterScope) throws {
        weight = try scope.parameter("weight", [channels], role: .scale, initially: .constant(1))
        bias = try scope.parameter("bias", [channels], role: .scale, initially: .constant(0))
        self.groups = groups
    }

    /// x [B, C, H, W] → [B, C, H, W].
    func callAsFunction(_ x: Tensor) -> Tensor {
        normalized(x).silu()
    }

    /// The norm alone: x [B, C, H, W] → [B, C, H, W].
    func normalized(_ x: Tensor) -> Tensor {
        x.groupNorm(groups: groups, weight: weight, bias: bias, epsilon: 1e-6)
    }
}
