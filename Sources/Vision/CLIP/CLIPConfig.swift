package import Basics
package import Layers

/// The config of a CLIP dual encoder, as a Hugging Face `config.json` has it.
package struct CLIPConfig: Sendable, Equatable {
    /// The sizes of one tower.
    package struct Transformer: Sendable, Equatable {
        package var width: Int
        package var layerCount: Int
        /// A divisor of ``width``.
        package var headCount: Int
        package var feedForwardSize: Int
        package var activation: Activation
        /// The epsilon of the layer norms.
        package var epsilon: Double

        package init(
            width: Int,
            layerCount: Int,
            headCount: Int,
            feedForwardSize: Int,
            activation: Activation = .quickGELU,
            epsilon: Double = 1e-5
        ) {
            precondition(width % headCount == 0, "\(headCount) heads do not divide \(width)")
            self.width = width
            self.layerCount = layerCount
            self.headCount = headCount
            self.feedForwardSize = feedForwardSize
            self.activation = activation
            self.epsilon = epsilon
        }
    }

    package var text: Transformer
    package var vocabularySize: Int
    /// The most tokens of a text.
    package var contextLength: Int
    /// The token whose hidden state represents the text.
    package var endToken: Int
    package var vision: Transformer
    /// The side length of an image in pixels.
    package var imageSize: Int
    /// The side length of a patch in pixels, a divisor of ``imageSize``.
    package var patchSize: Int
    /// The dimension of an embedding.
    package var projectionSize: Int

    package init(
        text: Transformer,
        vocabularySize: Int,
        contextLength: Int,
        endToken: Int,
        vision: Transformer,
        imageSize: Int,
        patchSize: Int,
        projectionSize: Int
    ) {
        precondition(imageSize % patchSize == 0, "\(patchSize) does not divide \(imageSize)")
        self.text = text
        self.vocabularySize = vocabularySize
        self.contextLength = contextLength
        self.endToken = endToken
        self.vision = vision
        self.imageSize = imageSize
        self.patchSize = patchSize
        self.projectionSize = projectionSize
    }

    package static let modelType = "clip"

    /// The end token in old configs, whatever the vocabulary: the text then ends at its highest token.
    static let legacyEndToken = 2

    /// Reads a `config.json`; the defaults are those of the original CLIP.
    package init(_ reader: JSONReader) throws(JSONFieldError) {
        try reader.check(modelType: Self.modelType)
        // Folders of 2022 have both members, and transformers reads the one with `_dict`.
        func part(_ name: String) throws(JSONFieldError) -> JSONReader {
            let old = name + "_dict"
            return try reader.nested(reader.has(old) ? old : name)
        }
        let textReader = try part("text_config")
        let visionReader = try part("vision_config")
        text = try Transformer(textReader, width: 512, feedForward: 2048, heads: 8)
        vocabularySize = try textReader.integer("vocab_size", default: 49408, atLeast: 1)
        contextLength = try textReader.integer("max_position_embeddings", default: 77, atLeast: 1)
        endToken = try textReader.integer("eos_token_id", default: 49407, atLeast: 0)
        vision = try Transformer(visionReader, width: 768, feedForward: 3072, heads: 12)
        imageSize = try visionReader.integer("image_size", default: 224, atLeast: 1, atMost: 8192)
        patchSize = try visionReader.integer("patch_size", default: 32, atLeast: 1, atMost: 8192)
        projectionSize = try reader.integer(
            "projection_dim",
            default: 512,
            atLeast: 1,
            atMost: 1 << 16
        )
        guard imageSize % patchSize == 0 else {
            throw visionReader.failure(
                "patch_size",
                "\(patchSize) does not divide the image_size, \(imageSize)"
            )
        }
        guard try visionReader.integer("num_channels", default: 3) == 3 else {
            throw visionReader.failure("num_channels", "3 are expected")
        }
    }
}

extension CLIPConfig.Transformer {
    fileprivate init(_ reader: JSONReader, width: Int, feedForward: Int, heads: Int)
        throws(JSONFieldError)
    {
        let limit = 1 << 20
        self.width = try reader.integer("hidden_size", default: width, atLeast: 1, atMost: limit)
        layerCount = try reader.integer(
            "num_hidden_layers",
            default: 12,
            atLeast: 1,
            atMost: 10_000
        )
        headCount = try reader.integer("num_attention_heads", default: heads, atLeast: 1)
        feedForwardSize = try reader.integer(
            "intermediate_size",
            default: feedForward,
            atLeast: 1,
            atMost: limit
        )
        activation = try reader.choice("hidden_act", default: .quickGELU)
        epsilon = try reader.number("layer_norm_eps", default: 1e-5)
        guard epsilon > 0 else {
            throw reader.failure("layer_norm_eps", "\(epsilon) is not above 0")
        }
        guard self.width % headCount == 0 else {
            throw reader.failure(
                "num_attention_heads",
                "\(headCount) heads do not divide the hidden_size, \(self.width)"
            )
        }
    }
}
