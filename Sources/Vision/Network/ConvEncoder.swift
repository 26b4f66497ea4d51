internal import Layers
internal import Tensors

/// Pixels → latents.
///
/// Only the residual branches have norms: colors pass unchanged, and the network is linear at
/// initialization and learns the means of patches at once.
struct ConvEncoder {
    /// The blocks at one resolution, and the strided convolution before them.
    private struct Stage {
        let downsample: Convolution?
        let blocks: [ResidualBlock]
    }

    private let patchSize: Int
    private let input: Convolution
    private let stages: [Stage]
    private let output: Convolution

    init(_ config: ConvVQConfig, _ scope: ParameterScope) throws {
        patchSize = config.patchSize
        var channels = config.encoder[0].channels
        input = try Convolution(3 * patchSize * patchSize, channels, scope / "input")
        stages = try config.encoder.enumerated().map { index, stage in
            let scope = scope / "stages" / index
            let downsample =
                index == 0
                ? nil
                : try Convolution(channels, stage.channels, stride: .halving, scope / "downsample")
            channels = stage.channels
            let blocks = try (0..<stage.blocks).map {
                try ResidualBlock(
                    channels,
                    channels,
                    groups: config.normGroups,
                    scope / "blocks" / $0
                )
            }
            return Stage(downsample: downsample, blocks: blocks)
        }
        output = try Convolution(channels, config.codeWidth, size: 1, scope / "output")
    }

    /// Pixels [B, H, W, 3] from -1 to 1 → [B, grid, grid, code width].
    func callAsFunction(_ pixels: Tensor) -> Tensor {
        var x = input(pixels.foldingPixels(patchSize))
        for stage in stages {
            if let downsample = stage.downsample { x = downsample(x) }
            for block in stage.blocks { x = block(x) }
        }
        return output(x).permuted([0, 2, 3, 1])
    }
}
