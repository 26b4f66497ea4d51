package import Layers
package import Tensors

/// A discriminator with one logit per patch (Isola et al., 2017); positive means real.
package struct PatchDiscriminator {
    private static let patchSize = 2
    private static let slope = 0.2

    private let layers: [Convolution]
    private let output: Convolution

    /// Declares the layers; the first has `channels`.
    package init(channels: Int, _ scope: ParameterScope) throws {
        let input = 3 * Self.patchSize * Self.patchSize
        layers = [
            try Convolution(input, channels, scope / "layers" / 0),
            try Convolution(channels, 2 * channels, stride: .halving, scope / "layers" / 1),
            try Convolution(2 * channels, 2 * channels, scope / "layers" / 2),
        ]
        output = try Convolution(2 * channels, 1, size: 1, scope / "output")
    }

    /// Pixels [B, H, W, 3] of even sizes → logits [B, 1, H / 4, W / 4].
    package func callAsFunction(_ pixels: Tensor) -> Tensor {
        guard let last = features(of: pixels).last else { preconditionFailure("there are layers") }
        return output(last)
    }

    /// The feature maps [B, C, H', W'] of each layer for pixels [B, H, W, 3] of even sizes.
    package func features(of pixels: Tensor) -> [Tensor] {
        var x = pixels.foldingPixels(Self.patchSize)
        return layers.map { layer in
            x = layer(x).leakyReLU(slope: Self.slope)
            return x
        }
    }

    /// The hinge loss of the discriminator (Lim and Ye, 2017).
    package func loss(real: Tensor, decoded: Tensor) -> Tensor {
        let onReal = (self(real) * -1 + 1).relu().mean()
        let onDecoded = (self(decoded.detached()) + 1).relu().mean()
        return (onReal + onDecoded) * 0.5
    }

    /// The adversarial loss of the decoder.
    package func generatorLoss(_ decoded: Tensor) -> Tensor {
        self(decoded).mean() * -1
    }
}
