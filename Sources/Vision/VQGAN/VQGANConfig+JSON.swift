package import Basics

extension VQGANConfig {
    static let modelType = "jam_vqgan"

    /// Reads a `config.json`; no member may be missing or unknown.
    package init(_ reader: JSONReader) throws(JSONFieldError) {
        try reader.check(modelType: Self.modelType)
        imageSize = try reader.integer("image_size")
        baseChannels = try reader.integer("base_channels")
        channelMultipliers = try reader.integers("channel_multipliers")
        blockCount = try reader.integer("block_count")
        attentionLevels = try reader.integers("attention_levels")
        latentChannels = try reader.integer("latent_channels")
        codeCount = try reader.integer("code_count")
        codeWidth = try reader.integer("code_width")
        hasDecoder = try reader.bool("has_decoder")
        try reader.finish()
        try reader.check(validate)
    }

    package var json: JSON {
        [
            "model_type": .string(Self.modelType),
            "image_size": .integer(imageSize),
            "base_channels": .integer(baseChannels),
            "channel_multipliers": .array(channelMultipliers.map(JSON.integer)),
            "block_count": .integer(blockCount),
            "attention_levels": .array(attentionLevels.map(JSON.integer)),
            "latent_channels": .integer(latentChannels),
            "code_count": .integer(codeCount),
            "code_width": .integer(codeWidth),
            "has_decoder": .bool(hasDecoder),
        ]
    }
}
