internal import Basics
internal import Layers

/// Chameleon (Chameleon Team, 2024): Llama's layers with a layer norm over each head of queries and
/// keys, and one vocabulary in which the codes of images are tokens.
///
/// A checkpoint also holds the network that makes codes of images. Its weights are kept and carried
/// along; it is not run.
enum Chameleon: FamilyDefinition {
    static let title = "Chameleon"
    static let modelType = "chameleon"
    static let parts = {
        var parts = TowerParts(
            norm: .rms(epsilon: 1e-5),
            positions: .rotary(base: 10_000, scaling: .none)
        )
        parts.headNorm = .layerPerHead(epsilon: 1e-5)
        return parts
    }()

    // MARK: Config

    static func config(_ reader: JSONReader) throws(JSONFieldError) -> TowerConfig {
        var config = try LlamaKeys(context: 4096, epsilon: 1e-5).config(.chameleon, reader)
        guard config.headWidth * config.headCount == config.hiddenSize else {
            throw reader.failure(
                "head_dim",
                "\(config.headCount) heads of \(config.headWidth) are not the hidden_size "
                    + "\(config.hiddenSize)"
            )
        }
        if try reader.bool("swin_norm", default: false) {
            throw reader.failure(
                "swin_norm",
                "true (norms after the parts, as Chameleon 34B has them) is not supported; "
                    + "false is"
            )
        }
        let biased = try reader.bool("attention_bias", default: false)
        config.parts.biases.attentionInputs = biased
        config.parts.biases.attentionOutput = biased
        config.parts.biases.feedForward = try reader.bool("mlp_bias", default: false)
        return config
    }

    static func json(_ config: TowerConfig) -> JSON.Object {
        var json = LlamaKeys.json(config, architecture: "ChameleonForConditionalGeneration")
        json["attention_bias"] = .bool(config.parts.biases.attentionInputs)
        json["mlp_bias"] = .bool(config.parts.biases.feedForward)
        json["swin_norm"] = false
        return json
    }

    static let otherKeys = RotaryKeys.all

    // MARK: Weights

    static func keepsApart(_ name: String) -> Bool { name.hasPrefix("model.vqmodel.") }

    // MARK: Sizes

    static var namedSizes: [NamedSize] {
        [
            NamedSize(
                name: "7B",
                config: TowerConfig(
                    .chameleon,
                    vocabularySize: 65_536,
                    hiddenSize: 4096,
                    layerCount: 32,
                    headCount: 32,
                    feedForwardSize: 11_008,
                    contextLength: 4096
                )
            )
        ]
    }
}
