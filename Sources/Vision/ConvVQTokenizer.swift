package import Layers
package import Tensors

/// Pixels ↔ a square grid of codes: a convolutional autoencoder around a codebook (VQ-VAE,
/// van den Oord et al., 2017).
///
/// Weights: `encoder.…`, `quantizer.weight` [codes, width], `decoder.…`.
package struct ConvVQTokenizer {
    /// What the network makes of a batch of images.
    package struct Reconstruction {
        /// The encoder's vectors [B, grid, grid, W].
        package let vectors: Tensor
        /// Their codes.
        package let quantized: Codebook.Quantized
        /// The decoder's pixels [B, H, W, 3].
        package let pixels: Tensor
    }

    /// The scope of the codebook.
    static let codebookName = "quantizer"

    /// The sizes.
    package let config: ConvVQConfig
    /// The vectors of the codes.
    package let codebook: Codebook
    private let encoder: ConvEncoder
    private let decoder: ConvDecoder

    /// States the weights at `scope`.
    ///
    /// - Throws: what is impossible in the config, or what the scope's source finds wrong.
    package init(_ config: ConvVQConfig, _ scope: ParameterScope) throws {
        try config.validate()
        self.config = config
        encoder = try ConvEncoder(config, scope / "encoder")
        codebook = try Codebook(config.codeCount, config.codeWidth, scope / Self.codebookName)
        decoder = try ConvDecoder(config, scope / "decoder")
    }

    /// Pixels [B, H, W, 3] from -1 to 1 → the vectors that are to be quantized [B, grid, grid, W].
    package func vectors(of pixels: Tensor) -> Tensor {
        encoder(pixels)
    }

    /// Code vectors [B, grid, grid, W] → pixels [B, H, W, 3], about -1 to 1.
    package func pixels(of vectors: Tensor) -> Tensor {
        decoder(vectors)
    }

    /// Encodes, quantizes and decodes pixels [B, H, W, 3], with gradients to both networks.
    ///
    /// With `bypassing` the decoder gets the encoder's vectors themselves, not their codes'.
    package func reconstruct(_ pixels: Tensor, bypassing: Bool = false) -> Reconstruction {
        let vectors = encoder(pixels)
        let quantized = codebook.quantize(vectors)
        return Reconstruction(
            vectors: vectors,
            quantized: quantized,
            pixels: decoder(bypassing ? vectors : quantized.vectors)
        )
    }
}
