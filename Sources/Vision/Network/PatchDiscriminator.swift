package import Layers
package import Tensors

/// Says of each patch of an image how real it looks (Isola et al., 2017): positive is real.
package struct PatchDiscriminator {
    private static let patchSize = 2
    private static let slope = 0.2

    private let layers: [Convolution]
    private let output: Convolution

    /// States the layers at `scope`; `channels` are those of the first one.
    package init(channels: Int, _ scope: ParameterScope) throws {
        let input = 3 * Self.patchSize * Self.patchSize
        layers = [
            try Convolution(input, channels, scope / "layers" / 0),
            try Convolution(channels, 2 * channels, stride: .halving, scope / "layers" / 1),
            try Convolution(2 * channels, 2 * channels, scope / "layers" / 2),
        ]
        output = try Convolution(2 * channels, 1, size: 1, scope / "output")
    }

    /// Pixels [B, H, W, 3] of even sizes → opinions [B, 1, H / 4, W / 4].
    package func callAsFunction(_ pixels: Tensor) -> Tensor {
        guard let last = features(of: pixels).last else { preconditionFailure("it has layers") }
        return output(last)
    }

    /// What each layer sees in pixels [B, H, W, 3] of even sizes: [B, C, H', W'], the finest first.
    package func features(of pixels: Tensor) -> [Tensor] {
        var x = pixels.foldingPixels(Self.patchSize)
        return layers.map { layer in
            x = layer(x).leakyReLU(slope: Self.slope)
            return x
        }
    }

    /// The hinge loss that teaches the discriminator (Lim and Ye, 2017).
    package func loss(real: Tensor, decoded: Tensor) -> Tensor {
        let onReal = (self(real) * -1 + 1).relu().mean()
        let onDecoded = (self(decoded.detached()) + 1).relu().mean()
        return (onReal + onDecoded) * 0.5
    }

    /// What teaches the decoder to deceive it.
    package func deception(_ decoded: Tensor) -> Tensor {
        self(decoded).mean() * -1
    }
}
