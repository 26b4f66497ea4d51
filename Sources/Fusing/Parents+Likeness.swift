import Basics
import Checkpoints
import Decoders

// What Uniform and Width need: parents that differ in nothing but their numbers.

extension Parents {
    /// Refuses parents whose weights do not correspond one to one; a tied head counts as a copy of
    /// its table.
    func requireLikeness(for method: FusionMethod) throws(FusionError) {
        for (own, other) in zip(text.config.parts.traits, image.config.parts.traits)
        where own.value != other.value {
            throw .unlikeParts(
                method: method.name,
                setting: own.setting,
                text: own.value,
                image: other.value
            )
        }
        for (parent, other) in [(text, image), (image, text)] {
            for spec in parent.parameters where spec.name != TowerConfig.untiedHeadName {
                guard let found = other.shape(of: spec.name) else {
                    throw .oneSided(
                        method: method.name,
                        name: spec.name,
                        owner: parent.role.rawValue,
                        other: other.role.rawValue
                    )
                }
                guard isAlike(found, to: spec) else {
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
            ("head_dim", \TowerConfig.headWidth), ("num_attention_heads", \.headCount),
        ] where text.config[keyPath: size] != image.config[keyPath: size] {
            throw .unlikeSizes(
                method: method.name,
                setting: setting,
                text: text.config[keyPath: size],
                image: image.config[keyPath: size]
            )
        }
    }

    /// Whether a shape is that of `spec`; the rows of tables may differ over a union.
    private func isAlike(_ shape: [Int], to spec: ParameterSpec) -> Bool {
        guard union != nil, spec.role == .table else { return shape == spec.shape }
        return shape.dropFirst() == spec.shape.dropFirst()
    }

    /// The numbers of the two configs that no weight shows and of which only one can be kept.
    var unlikeSettings: [String] {
        let (left, right) = (text.config, image.config)
        var notes = zip(left.parts.hyperparameters, right.parts.hyperparameters).compactMap { own, other in
            own.value == other.value
                ? nil : note(own.setting, own.value, other.value, keeps: own.value)
        }
        if left.contextLength != right.contextLength {
            notes.append(
                note(
                    "max_position_embeddings",
                    "\(left.contextLength)",
                    "\(right.contextLength)",
                    keeps: "\(min(left.contextLength, right.contextLength))"
                )
            )
        }
        return notes
    }

    private func note(_ setting: String, _ text: String, _ image: String, keeps kept: String)
        -> String
    {
        "\(setting) is \(text) in the text parent and \(image) in the image parent; "
            + "the fused model has \(kept)"
    }

    /// The fused `config.json`: the keys of the text parent that we do not know survive.
    func config(with fused: TowerConfig) -> JSON.Object {
        var object = fused.json
        // transformers 5 spells the type of the weights otherwise; the parent's spelling stays.
        if case .object(let parent) = text.folder.config, parent["dtype"] != nil {
            object["dtype"] = parent["dtype"]
        }
        return object
    }
}
