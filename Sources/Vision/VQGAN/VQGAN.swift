internal import Basics
internal import Checkpoints
internal import Layers
package import Tensors

/// The image tokenizer VQGAN (Esser et al., 2021), also Chameleon's (Chameleon Team, 2024).
///
/// Weights, under the names of both: `encoder.…`, `quant_conv`, `quantize.embedding.weight`
/// [codes, W], and with a decoder `post_quant_conv`, `decoder.…`.
package struct VQGAN: VQTokenizer {
    private struct Decoding {
        let convolution: Convolution
        let network: VQGANDecoder
    }

    let config: VQGANConfig
    package let codebook: Codebook
    private let encoder: VQGANEncoder
    private let convolution: Convolution
    private let decoding: Decoding?

    init(_ config: VQGANConfig, _ scope: ParameterScope) throws {
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

    /// Opens a folder of ``VQGANImport``.
    static func open(_ folder: CheckpointFolder) throws -> VQGAN {
        let config = try VQGANConfig(folder.configReader())
        return try ParameterStore.build(from: WeightsSource(folder, as: .float32)) {
            try VQGAN(config, $0)
        }.model
    }

    package var imageSize: Int { config.imageSize }
    package var gridSize: Int { config.gridSize }
    /// 2²⁵ activations at full resolution, where there are ``VQGANConfig/baseChannels``.
    package var batchSize: Int {
        max(1, (1 << 25) / (imageSize * imageSize * config.baseChannels))
    }

    package func checkDecodes() throws(VisionError) {
        guard config.hasDecoder else { throw .noDecoder }
    }

    package func latents(of pixels: Tensor) -> Tensor {
        convolution(encoder(pixels.permuted([0, 3, 1, 2]))).permuted([0, 2, 3, 1])
    }

    /// Traps without a decoder: call ``checkDecodes()`` first.
    package func pixels(of vectors: Tensor) -> Tensor {
        guard let decoding else { preconditionFailure("there is no decoder") }
        let latent = decoding.convolution(vectors.permuted([0, 3, 1, 2]))
        return decoding.network(latent).permuted([0, 2, 3, 1])
    }
}
