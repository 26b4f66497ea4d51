internal import Layers
internal import Tensors

/// Code vectors → pixels: the mirrored encoder, with one more block per level.
struct VQGANDecoder {
    private let input: Convolution
    private let middle: VQGANMiddle
    /// From the coarsest grid to the finest.
    private let levels: [(level: VQGANLevel, upsample: Convolution?)]
    private let norm: NormalizedActivation
    private let output: Convolution

    init(_ config: VQGANConfig, _ scope: ParameterScope) throws {
        let levelCount = config.channelMultipliers.count
        var channels = config.channels(levelCount - 1)
        input = try Convolution(config.latentChannels, channels, scope / "conv_in")
        middle = try VQGANMiddle(channels, scope / "mid")
        levels = try (0..<levelCount).reversed().map { index in
            let scope = scope / "up" / index
            let level = try VQGANLevel(
                channels,
                config.channels(index),
                count: config.blockCount + 1,
                attends: config.attentionLevels.contains(index),
                scope
            )
            channels = config.channels(index)
            let upsample =
                index == 0
                ? nil : try Convolution(channels, channels, scope / "upsample" / "conv")
            return (level, upsample)
        }
        norm = try NormalizedActivation(
            channels,
            groups: VQGANConfig.normGroups,
            scope / "norm_out"
        )
        output = try Convolution(channels, 3, scope / "conv_out")
    }

    /// Vectors [B, latent channels, grid, grid] → pixels [B, 3, H, W], about -1 to 1.
    func callAsFunction(_ vectors: Tensor) -> Tensor {
        var x = middle(input(vectors))
        for (level, upsample) in levels {
            x = level(x)
            if let upsample { x = upsample(x.upsampled(by: 2)) }
        }
        return output(norm(x))
    }
}
