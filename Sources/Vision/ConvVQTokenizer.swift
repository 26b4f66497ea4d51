package import Layers
package import Tensors

/// Our image tokenizer: a convolutional autoencoder around a codebook (VQ-VAE, van den Oord et al.,
/// 2017).
///
/// Weights: `encoder.…`, `quantizer.weight` [codes, W], `decoder.…`.
package struct ConvVQTokenizer: VQTokenizer {
    /// The forward pass over a batch of images.
    package struct Reconstruction {
        /// The encoder's output [B, grid, grid, W].
        package let latents: Tensor
        package let quantized: Codebook.Quantized
        /// The decoder's output [B, H, W, 3].
        package let pixels: Tensor
    }

    package let config: ConvVQConfig
    package let codebook: Codebook
    private let encoder: ConvEncoder
    private let decoder: ConvDecoder

    /// - Throws: `VisionError` for an impossible config, or what the scope's source throws.
    package init(_ config: ConvVQConfig, _ scope: ParameterScope) throws {
        try config.validate()
        self.config = config
        encoder = try ConvEncoder(config, scope / "encoder")
        codebook = try Codebook(config.codeCount, config.codeWidth, scope / "quantizer")
        decoder = try ConvDecoder(config, scope / "decoder")
    }

    package var imageSize: Int { config.imageSize }
    package var gridSize: Int { config.gridSize }
    /// A million pixels.
    package var batchSize: Int { max(1, (1 << 20) / (imageSize * imageSize)) }

    package func latents(of pixels: Tensor) -> Tensor { encoder(pixels) }

    package func pixels(of vectors: Tensor) -> Tensor { decoder(vectors) }

    /// Encodes, quantizes and decodes pixels [B, H, W, 3], with gradients to encoder and decoder.
    ///
    /// With `bypassing`, the decoder gets the latents instead of their code vectors.
    package func reconstruct(_ pixels: Tensor, bypassing: Bool = false) -> Reconstruction {
        let latents = encoder(pixels)
        let quantized = codebook.quantize(latents)
        return Reconstruction(
            latents: latents,
            quantized: quantized,
            pixels: decoder(bypassing ? latents : quantized.vectors)
        )
    }
}
