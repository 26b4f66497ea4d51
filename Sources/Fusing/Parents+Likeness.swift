import Basics
import Checkpoints
import Decoders

// What Uniform and Width need: parents that differ in nothing but their numbers.

extension Parents {
    /// Refuses parents whose weights do not correspond one to one; a tied head counts as a copy of
    /// its table.
    func requireLikeness(for method: FusionMethod) throws(FusionError) {
        for (parent, other) in [(text, image), (image, text)] {
            for spec in parent.parameters where spec.name != LlamaName.head {
                guard let found = other.shape(of: spec.name) else {
                    throw .oneSided(
                        method: method.name,
                        name: spec.name,
                        owner: parent.role.rawValue,
                        other: other.role.rawValue
                    )
                }
                guard found == spec.shape else {
                    throw .unlikeShapes(
                        method: method.name,
                        name: spec.name,
                        text: text.shape(of: spec.name) ?? [],
                        image: image.shape(of: spec.name) ?? []
                    )
                }
            }
        }
        // Heads can be cut otherwise though the matrices look alike.
        for (setting, size) in [
            ("head_dim", \LlamaConfig.headWidth), ("num_attention_heads", \.headCount),
        ] where text.config[keyPath: size] != image.config[keyPath: size] {
            throw .unlikeSizes(
                method: method.name,
                setting: setting,
                text: text.config[keyPath: size],
                image: image.config[keyPath: size]
            )
        }
    }

    /// The numbers of the two configs that no weight shows and of which only one can be kept.
    var unlikeSettings: [String] {
        func note(_ setting: String, _ text: String, _ image: String, keeps kept: String) -> String?
        {
            guard text != image else { return nil }
            return "\(setting) is \(text) in the text parent and \(image) in the image parent; "
                + "the fused model has \(kept)"
        }
        let (left, right) = (text.config, image.config)
        return [
            note(
                "rope_theta",
                "\(left.rotaryBase)",
                "\(right.rotaryBase)",
                keeps: "\(left.rotaryBase)"
            ),
            note(
                "rms_norm_eps",
                "\(left.normEpsilon)",
                "\(right.normEpsilon)",
                keeps: "\(left.normEpsilon)"
            ),
            note(
                "max_position_embeddings",
                "\(left.contextLength)",
                "\(right.contextLength)",
                keeps: "\(min(left.contextLength, right.contextLength))"
            ),
        ].compactMap(\.self)
    }

    /// The text parent's `config.json` with the sizes of `fused`: keys that we do not know survive.
    func config(with fused: LlamaConfig) -> JSON.Object {
        guard case .object(var object) = text.folder.config else {
            preconditionFailure("a parent's config was read as an object")
        }
        // These speak of the parent's own files.
        object["_name_or_path"] = nil
        object["quantization_config"] = nil
        for (key, value) in fused.json.members {
            // transformers 5 keeps the base elsewhere; the parent's own place stays.
            if key == "rope_theta", object["rope_parameters"] != nil { continue }
            object[key] = value
        }
        return object
    }
}
