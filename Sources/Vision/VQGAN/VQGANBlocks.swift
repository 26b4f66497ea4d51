internal import Layers
internal import Tensors

// B images, C channels, H × W positions.

/// Single-head self-attention over all positions of the grid, with a residual connection.
struct VQGANAttention {
    private let norm: NormalizedActivation
    private let query: Convolution
    private let key: Convolution
    private let value: Convolution
    private let output: Convolution

    init(_ channels: Int, _ scope: ParameterScope) throws {
        func projection(_ name: String) throws -> Convolution {
            try Convolution(channels, channels, size: 1, scope / name)
        }
        norm = try NormalizedActivation(
            channels,
            groups: VQGANConfig.normGroups,
            scope / "norm"
        )
        query = try projection("q")
        key = try projection("k")
        value = try projection("v")
        output = try projection("proj_out")
    }

    /// x [B, C, H, W] → [B, C, H, W].
    func callAsFunction(_ x: Tensor) -> Tensor {
        let (batch, channels, positions) = (x.size(0), x.size(1), x.size(2) * x.size(3))
        func rows(_ grid: Tensor) -> Tensor {
            grid.reshaped([batch, 1, channels, positions]).transposed(2, 3)  // [B, 1, H · W, C]
        }
        let normalized = norm.normalized(x)
        let mixed = Tensor.attention(
            rows(query(normalized)),
            rows(key(normalized)),
            rows(value(normalized)),
            mask: .full
        )
        return x + output(mixed.transposed(2, 3).reshaped(x.shape))
    }
}

/// The middle of both networks, at the coarsest resolution.
struct VQGANMiddle {
    private let before: ResidualBlock
    private let attention: VQGANAttention
    private let after: ResidualBlock

    init(_ channels: Int, _ scope: ParameterScope) throws {
        let groups = VQGANConfig.normGroups
        before = try ResidualBlock(channels, channels, groups: groups, scope / "block_1")
        attention = try VQGANAttention(channels, scope / "attn_1")
        after = try ResidualBlock(channels, channels, groups: groups, scope / "block_2")
    }

    /// x [B, C, H, W] → [B, C, H, W].
    func callAsFunction(_ x: Tensor) -> Tensor { after(attention(before(x))) }
}

/// The blocks at one resolution, on some levels each followed by attention.
struct VQGANLevel {
    private let blocks: [ResidualBlock]
    private let attentions: [VQGANAttention]

    /// Declares `count` blocks; the first converts `input` channels to `output`.
    init(
        _ input: Int,
        _ output: Int,
        count: Int,
        attends: Bool,
        _ scope: ParameterScope
    ) throws {
        blocks = try (0..<count).map {
            try ResidualBlock(
                $0 == 0 ? input : output,
                output,
                groups: VQGANConfig.normGroups,
                scope / "block" / $0
            )
        }
        attentions =
            attends ? try (0..<count).map { try VQGANAttention(output, scope / "attn" / $0) } : []
    }

    /// x [B, input, H, W] → [B, output, H, W].
    func callAsFunction(_ x: Tensor) -> Tensor {
        var x = x
        for (index, block) in blocks.enumerated() {
            x = block(x)
            if !attentions.isEmpty { x = attentions[index](x) }
        }
        return x
    }
}
