/// The config of a ``ConvVQTokenizer``.
///
/// The encoder folds each square of ``patchSize`` pixels into channels, so that no layer runs at full
/// resolution, and halves the grid between stages. The decoder mirrors it with stages of its own.
package struct ConvVQConfig: Sendable, Equatable {
    /// The layers at one resolution.
    package struct Stage: Sendable, Equatable {
        package var channels: Int
        /// The number of residual blocks.
        package var blocks: Int

        package init(channels: Int, blocks: Int) {
            self.channels = channels
            self.blocks = blocks
        }
    }

    /// The side length of an image in pixels.
    package var imageSize: Int
    /// The side length of the squares that are folded into channels.
    package var patchSize: Int
    /// From the finest grid to the coarsest.
    package var encoder: [Stage]
    /// From the finest grid to the coarsest, too.
    package var decoder: [Stage]
    /// The groups of the group norms; a divisor of all channels.
    package var normGroups: Int
    package var codeCount: Int
    /// The dimension of the code vectors.
    package var codeWidth: Int

    /// ``validate()`` checks the sizes.
    package init(
        imageSize: Int,
        patchSize: Int,
        encoder: [Stage],
        decoder: [Stage],
        normGroups: Int,
        codeCount: Int,
        codeWidth: Int
    ) {
        self.imageSize = imageSize
        self.patchSize = patchSize
        self.encoder = encoder
        self.decoder = decoder
        self.normGroups = normGroups
        self.codeCount = codeCount
        self.codeWidth = codeWidth
    }

    /// The side length of the grid of codes.
    package var gridSize: Int { imageSize / downsampling }

    /// The side length in pixels of the square that one code represents.
    var downsampling: Int { patchSize << (encoder.count - 1) }
}

extension ConvVQConfig {
    /// 256 × 256 pixels as 1024 of 8192 codes: the geometry of CM3Leon (arXiv 2309.02591) with the
    /// channels of VQGAN (Esser et al., 2021).
    package static let paper = ConvVQConfig(
        imageSize: 256,
        patchSize: 1,
        encoder: paperStages,
        decoder: paperStages,
        normGroups: 32,
        codeCount: 8192,
        codeWidth: 256
    )

    private static let paperStages = [128, 128, 256, 512].map { Stage(channels: $0, blocks: 2) }

    /// 64 × 64 pixels as 64 of 1024 codes: the picture dictionary's, sized for two CPU cores.
    ///
    /// Most layers run on the grid of codes; the finer stage is narrow and therefore cheap.
    package static let dictionary = ConvVQConfig(
        imageSize: 64,
        patchSize: 4,
        encoder: [Stage(channels: 32, blocks: 1), Stage(channels: 128, blocks: 1)],
        decoder: [Stage(channels: 64, blocks: 1), Stage(channels: 240, blocks: 2)],
        normGroups: 8,
        codeCount: 1024,
        codeWidth: 16
    )
}
