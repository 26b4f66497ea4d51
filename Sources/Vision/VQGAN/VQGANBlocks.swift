internal import Layers
internal import Tensors

// B images, C channels, H × W positions.

/// x + convolution(silu(norm(convolution(silu(norm(x)))))), with x brought to the new channels where
/// those differ.
struct VQGANBlock {
    private let norm1: NormalizedActivation
    private let convolution1: Convolution
    private let norm2: NormalizedActivation
    private let convolution2: Convolution
    private let shortcut: Convolution?

    init(_ input: Int, _ output: Int, _ scope: ParameterScope) throws {
        let groups = VQGANConfig.normGroups
        norm1 = try NormalizedActivation(input, groups: groups, scope / "norm1")
        convolution1 = try Convolution(input, output, scope / "conv1")
        norm2 = try NormalizedActivation(output, groups: groups, scope / "norm2")
        convolution2 = try Convolution(output, output, scope / "conv2")
        shortcut =
            input == output ? nil : try Convolution(input, output, size: 1, scope / "nin_shortcut")
    }

    /// x [B, input, H, W] → [B, output, H, W].
    func callAsFunction(_ x: Tensor) -> Tensor {
        (shortcut?(x) ?? x) + convolution2(norm2(convolution1(norm1(x))))
    }
}

/// x + what each position finds at all positions, with one head.
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

/// The middle of both networks, on the coarsest grid.
struct VQGANMiddle {
    private let before: VQGANBlock
    private let attention: VQGANAttention
    private let after: VQGANBlock

    init(_ channels: Int, _ scope: ParameterScope) throws {
        before = try VQGANBlock(channels, channels, scope / "block_1")
        attention = try VQGANAttention(channels, scope / "attn_1")
        after = try VQGANBlock(channels, channels, scope / "block_2")
    }

    /// x [B, C, H, W] → [B, C, H, W].
    func callAsFunction(_ x: Tensor) -> Tensor { after(attention(before(x))) }
}

/// The blocks of one resolution, on some levels each with attention behind it.
struct VQGANLevel {
    private let blocks: [VQGANBlock]
    private let attentions: [VQGANAttention]

    /// States `count` blocks, the first of which brings `input` channels to `output`.
    init(
        _ input: Int,
        _ output: Int,
        count: Int,
        attends: Bool,
        _ scope: ParameterScope
    ) throws {
        blocks = try (0..<count).map {
            try VQGANBlock($0 == 0 ? input : output, output, scope / "block" / $0)
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
