package import Basics
internal import Layers

extension CLIPConfig {
    /// A `config.json` for `transformers`.
    package var json: JSON {
        var text = text.json
        text["vocab_size"] = .integer(vocabularySize)
        text["max_position_embeddings"] = .integer(contextLength)
        text["eos_token_id"] = .integer(endToken)
        // Without these, transformers assumes the ids of the original vocabulary.
        text["bos_token_id"] = .null
        text["pad_token_id"] = .null
        var vision = vision.json
        vision["image_size"] = .integer(imageSize)
        vision["patch_size"] = .integer(patchSize)
        vision["num_channels"] = 3
        return [
            "model_type": .string(Self.modelType),
            "architectures": ["CLIPModel"],
            "projection_dim": .integer(projectionSize),
            "text_config": .object(text),
            "vision_config": .object(vision),
        ]
    }
}

extension CLIPConfig.Transformer {
    fileprivate var json: JSON.Object {
        [
            "hidden_size": .integer(width),
            "num_hidden_layers": .integer(layerCount),
            "num_attention_heads": .integer(headCount),
            "intermediate_size": .integer(feedForwardSize),
            "hidden_act": .string(activation.rawValue),
            "layer_norm_eps": .number(epsilon),
        ]
    }
}
