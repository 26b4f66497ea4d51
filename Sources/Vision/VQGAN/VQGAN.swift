internal import Basics
internal import Checkpoints
package import Layers
package import Tensors

/// Pixels ↔ a square grid of codes with the network of VQGAN (Esser et al., 2021), which is also
/// that of Chameleon (Chameleon Team, 2024).
///
/// Weights, in the names of both: `encoder.…`, `quant_conv`, `quantize.embedding.weight`
/// [codes, width], and where there is a decoder `post_quant_conv`, `decoder.…`.
package struct VQGAN: VQTokenizer {
    /// The convolution behind the codebook, and the network behind that.
    private struct Decoding {
        let convolution: Convolution
        let network: VQGANDecoder
    }

    /// The sizes.
    package let config: VQGANConfig
    /// The vectors of the codes.
    package let codebook: Codebook
    private let encoder: VQGANEncoder
    private let convolution: Convolution
    private let decoding: Decoding?

    /// States the weights at `scope`.
    ///
    /// - Throws: what is impossible in the config, or what the scope's source finds wrong.
    package init(_ config: VQGANConfig, _ scope: ParameterScope) throws {
        try config.validate()
        self.config = config
        let (latent, width) = (config.latentChannels, config.codeWidth)
        encoder = try VQGANEncoder(config, scope / "encoder")
        convolution = try Convolution(latent, width, size: 1, scope / "quant_conv")
        codebook = try Codebook(config.codeCount, width, scope / "quantize" / "embedding")
        decoding =
            config.hasDecoder
            ? Decoding(
                convolution: try Convolution(width, latent, size: 1, scope / "post_quant_conv"),
                network: try VQGANDecoder(config, scope / "decoder")
            ) : nil
    }

    /// Opens a folder that ``VQGANImport`` has written.
    static func open(_ folder: CheckpointFolder) throws -> VQGAN {
        let config = try VQGANConfig(folder.configReader())
        return try ParameterStore.build(from: WeightsSource(folder, as: .float32)) {
            try VQGAN(config, $0)
        }.model
    }

    /// Pixels on each side of an image.
    package var imageSize: Int { config.imageSize }
    /// Codes on each side of an image.
    package var gridSize: Int { config.gridSize }
    /// Full resolution has the base channels: as many images as make 2²⁵ numbers there.
    package var imagesAtOnce: Int {
        max(1, (1 << 25) / (imageSize * imageSize * config.baseChannels))
    }

    /// Throws where there is no decoder.
    package func checkDecodes() throws(VisionError) {
        guard config.hasDecoder else { throw .encodesOnly }
    }

    /// Pixels [B, H, W, 3] from -1 to 1 → the vectors that are to be quantized [B, grid, grid, W].
    package func vectors(of pixels: Tensor) -> Tensor {
        convolution(encoder(pixels.permuted([0, 3, 1, 2]))).permuted([0, 2, 3, 1])
    }

    /// Code vectors [B, grid, grid, W] → pixels [B, H, W, 3], about -1 to 1.
    ///
    /// Who asks has seen to it with ``checkDecodes()`` that there is a decoder.
    package func pixels(of vectors: Tensor) -> Tensor {
        guard let decoding else { preconditionFailure("this network only encodes") }
        let latent = decoding.convolution(vectors.permuted([0, 3, 1, 2]))
        return decoding.network(latent).permuted([0, 2, 3, 1])
    }
}
