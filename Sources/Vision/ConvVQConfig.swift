/// The sizes of an image tokenizer.
///
/// The encoder folds each square of ``patchSize`` pixels into the channels of one position, so that
/// no layer works at full resolution, and then halves the grid between one stage and the next. The
/// decoder goes the same way back with its own stages.
package struct ConvVQConfig: Sendable, Equatable {
    /// The layers that work at one resolution.
    package struct Stage: Sendable, Equatable {
        /// The number of channels.
        package var channels: Int
        /// The number of residual blocks.
        package var blocks: Int

        /// Sets both.
        package init(channels: Int, blocks: Int) {
            self.channels = channels
            self.blocks = blocks
        }
    }

    /// Pixels on each side of an image.
    package var imageSize: Int
    /// Pixels on each side of the squares that are folded into channels; 1 folds nothing.
    package var patchSize: Int
    /// The encoder's stages, from the finest grid to the coarsest.
    package var encoder: [Stage]
    /// The decoder's stages, also from the finest grid to the coarsest.
    package var decoder: [Stage]
    /// The number of parts over which each norm is taken; it divides all channels.
    package var normGroups: Int
    /// The number of codes in the codebook.
    package var codeCount: Int
    /// The numbers of each code's vector.
    package var codeWidth: Int

    /// Sets all sizes; throws the first that is impossible.
    package init(
        imageSize: Int,
        patchSize: Int,
        encoder: [Stage],
        decoder: [Stage],
        normGroups: Int,
        codeCount: Int,
        codeWidth: Int
    ) throws(VisionError) {
        self.init(
            unchecked: imageSize,
            patchSize,
            encoder,
            decoder,
            normGroups,
            codeCount,
            codeWidth
        )
        try validate()
    }

    init(
        unchecked imageSize: Int,
        _ patchSize: Int,
        _ encoder: [Stage],
        _ decoder: [Stage],
        _ normGroups: Int,
        _ codeCount: Int,
        _ codeWidth: Int
    ) {
        self.imageSize = imageSize
        self.patchSize = patchSize
        self.encoder = encoder
        self.decoder = decoder
        self.normGroups = normGroups
        self.codeCount = codeCount
        self.codeWidth = codeWidth
    }

    /// Positions on each side of the grid of codes.
    package var gridSize: Int { imageSize / downsampling }

    /// Pixels on each side of the square that one code stands for.
    package var downsampling: Int { patchSize << (encoder.count - 1) }
}

// MARK: - Named sizes

extension ConvVQConfig {
    /// 256 × 256 pixels as 1024 of 8192 codes: the geometry of CM3Leon (arXiv 2309.02591) with the
    /// channels of VQGAN (Esser et al., 2021).
    package static let paper = ConvVQConfig(
        unchecked: 256,
        1,
        paperStages,
        paperStages,
        32,
        8192,
        256
    )

    private static let paperStages = [128, 128, 256, 512].map { Stage(channels: $0, blocks: 2) }

    /// 64 × 64 pixels as 64 of 1024 codes: the picture dictionary's, for two processor cores.
    ///
    /// Most layers work on the grid of codes; the finer stage is narrow, and so costs little.
    package static let dictionary = ConvVQConfig(
        unchecked: 64,
        4,
        [Stage(channels: 32, blocks: 1), Stage(channels: 128, blocks: 1)],
        [Stage(channels: 64, blocks: 1), Stage(channels: 240, blocks: 2)],
        8,
        1024,
        16
    )
}
