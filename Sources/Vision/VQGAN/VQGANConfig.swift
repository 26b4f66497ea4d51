/// The config of a ``VQGAN``.
package struct VQGANConfig: Sendable, Equatable {
    /// The side length of an image in pixels.
    package var imageSize: Int
    /// The channels of the first level before its first block.
    var baseChannels: Int
    /// The channels of each level, from the finest grid to the coarsest, as multiples of
    /// ``baseChannels``.
    var channelMultipliers: [Int]
    /// The residual blocks per level of the encoder; the decoder has one more.
    var blockCount: Int
    /// The levels with attention, in ascending order.
    var attentionLevels: [Int]
    /// The channels between the networks and the 1 × 1 convolutions around the codebook.
    var latentChannels: Int
    package var codeCount: Int
    /// The dimension of the code vectors.
    var codeWidth: Int
    /// False in Chameleon's folders.
    package var hasDecoder: Bool

    /// The groups of the group norms.
    static let normGroups = 32

    func channels(_ level: Int) -> Int { baseChannels * channelMultipliers[level] }

    /// The side length in pixels of the square that one code represents.
    var downsampling: Int { 1 << (channelMultipliers.count - 1) }

    /// The side length of the grid of codes.
    package var gridSize: Int { imageSize / downsampling }
}

extension VQGANConfig {
    /// Throws the first size that is impossible or does not fit the others.
    func validate() throws(VisionError) {
        try VisionError.check("image_size", imageSize, in: 1...8192)
        try VisionError.check("base_channels", baseChannels, in: 1...4096)
        try VisionError.require(
            (1...8).contains(channelMultipliers.count),
            "channel_multipliers",
            "has \(channelMultipliers.count) levels; 1 to 8 are possible"
        )
        for multiplier in channelMultipliers {
            try VisionError.check("channel_multipliers", multiplier, in: 1...64)
        }
        try VisionError.require(
            baseChannels % Self.normGroups == 0,
            "base_channels",
            "\(baseChannels) is not a multiple of \(Self.normGroups), the groups of the norms"
        )
        try VisionError.check("block_count", blockCount, in: 1...64)
        let levels = 0..<channelMultipliers.count
        try VisionError.require(
            attentionLevels.allSatisfy(levels.contains)
                && zip(attentionLevels, attentionLevels.dropFirst()).allSatisfy(<),
            "attention_levels",
            "\(attentionLevels) are not levels from 0 to \(levels.count - 1) in ascending order"
        )
        try VisionError.check("latent_channels", latentChannels, in: 1...4096)
        try VisionError.check("code_count", codeCount, in: 2...1 << 20)
        try VisionError.check("code_width", codeWidth, in: 1...4096)
        try VisionError.require(
            imageSize % downsampling == 0,
            "image_size",
            "\(imageSize) is not a multiple of \(downsampling), the pixels per code"
        )
    }
}
