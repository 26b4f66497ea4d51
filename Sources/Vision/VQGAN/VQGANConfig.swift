/// The sizes of a ``VQGAN``.
package struct VQGANConfig: Sendable, Equatable {
    /// Pixels on each side of an image.
    package var imageSize: Int
    /// The channels of the first level before its first block.
    package var baseChannels: Int
    /// The channels of each level, from the finest grid to the coarsest, as multiples of
    /// ``baseChannels``.
    package var channelMultipliers: [Int]
    /// The residual blocks of a level of the encoder; the decoder has one more.
    package var blockCount: Int
    /// The levels whose blocks are each followed by attention, in ascending order.
    package var attentionLevels: [Int]
    /// The channels between the networks and the convolutions beside the codebook.
    package var latentChannels: Int
    /// The number of codes in the codebook.
    package var codeCount: Int
    /// The numbers of each code's vector.
    package var codeWidth: Int
    /// Whether there is a decoder; Chameleon's folders have none.
    package var hasDecoder: Bool

    /// The parts over which each norm is taken.
    static let normGroups = 32

    /// The channels of a level.
    func channels(_ level: Int) -> Int { baseChannels * channelMultipliers[level] }

    /// Pixels on each side of the square that one code stands for.
    package var downsampling: Int { 1 << (channelMultipliers.count - 1) }

    /// Positions on each side of the grid of codes.
    package var gridSize: Int { imageSize / downsampling }
}

extension VQGANConfig {
    /// Throws the first size that is impossible or does not fit the others.
    package func validate() throws(VisionError) {
        try VisionError.check("image_size", imageSize, in: 1...8192)
        try VisionError.check("base_channels", baseChannels, in: 1...4096)
        guard (1...8).contains(channelMultipliers.count) else {
            throw .configuration(
                field: "channel_multipliers",
                problem: "\(channelMultipliers.count) levels were found; 1 to 8 are possible"
            )
        }
        for multiplier in channelMultipliers {
            try VisionError.check("channel_multipliers", multiplier, in: 1...64)
        }
        guard baseChannels % Self.normGroups == 0 else {
            throw .configuration(
                field: "base_channels",
                problem: "\(baseChannels) is not a multiple of \(Self.normGroups), the groups of "
                    + "the norms"
            )
        }
        try VisionError.check("block_count", blockCount, in: 1...64)
        let levels = 0..<channelMultipliers.count
        guard attentionLevels.allSatisfy(levels.contains),
            zip(attentionLevels, attentionLevels.dropFirst()).allSatisfy(<)
        else {
            throw .configuration(
                field: "attention_levels",
                problem: "\(attentionLevels) are not levels from 0 to \(levels.count - 1) in "
                    + "ascending order"
            )
        }
        try VisionError.check("latent_channels", latentChannels, in: 1...4096)
        try VisionError.check("code_count", codeCount, in: 2...1 << 20)
        try VisionError.check("code_width", codeWidth, in: 1...4096)
        guard imageSize % downsampling == 0 else {
            throw .configuration(
                field: "image_size",
                problem: "\(imageSize) is not a multiple of \(downsampling), the pixels of a code"
            )
        }
    }
}
