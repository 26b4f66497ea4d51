internal import Layers
internal import Tensors

/// Pixels → latents.
struct VQGANEncoder {
    private let input: Convolution
    private let levels: [(level: VQGANLevel, downsample: Convolution?)]
    private let middle: VQGANMiddle
    private let norm: NormalizedActivation
    private let output: Convolution

    init(_ config: VQGANConfig, _ scope: ParameterScope) throws {
        let levelCount = config.channelMultipliers.count
        var channels = config.baseChannels
        input = try Convolution(3, channels, scope / "conv_in")
        levels = try (0..<levelCount).map { index in
            let scope = scope / "down" / index
            let level = try VQGANLevel(
                channels,
                config.channels(index),
                count: config.blockCount,
                attends: config.attentionLevels.contains(index),
                scope
            )
            channels = config.channels(index)
            let isLast = index == levelCount - 1
            let downsample =
                isLast
                ? nil
                : try Convolution(
                    channels,
                    channels,
                    stride: .halving,
                    padding: 0,
                    scope / "downsample" / "conv"
                )
            return (level, downsample)
        }
        middle = try VQGANMiddle(channels, scope / "mid")
        norm = try NormalizedActivation(
            channels,
            groups: VQGANConfig.normGroups,
            scope / "norm_out"
        )
        output = try Convolution(channels, config.latentChannels, scope / "conv_out")
    }

    /// Pixels [B, 3, H, W] from -1 to 1 → [B, latent channels, grid, grid].
    func callAsFunction(_ pixels: Tensor) -> Tensor {
        var x = input(pixels)
        for (level, downsample) in levels {
            x = level(x)
            // The padding is at the right and the bottom only.
            if let downsample { x = downsample(x.zeroExtended(2).zeroExtended(3)) }
        }
        return output(norm(middle(x)))
    }
}

extension Tensor {
    /// Appends a slice of zeros to a dimension.
    fileprivate func zeroExtended(_ dimension: Int) -> Tensor {
        var shape = self.shape
        // After a failure this is a placeholder without shape, and the result is never used.
        guard dimension < shape.count else { return self }
        shape[dimension] = 1
        return Tensor.concatenated([self, Tensor.zeros(shape)], along: dimension)
    }
}
