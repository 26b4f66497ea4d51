import Basics
import Checkpoints
import Decoders

// What Uniform and Width need: parents of one architecture.

extension Parents {
    /// Refuses parents whose weights do not correspond one to one; a tied head counts as a copy of
    /// its table, and tables and heads may differ in their rows.
    func requireLikeness(for method: FusionMethod) throws(FusionError) {
        func failure(_ what: String, _ ofText: String, _ ofImage: String) -> FusionError {
            .unlike(method: method.name, what: what, text: ofText, image: ofImage)
        }
        for (own, other) in zip(text.config.parts.traits, image.config.parts.traits)
        where own.value != other.value {
            throw failure(own.setting, own.value, other.value)
        }
        for spec in text.parameters + image.parameters
        where spec.name != TowerConfig.untiedHeadName {
            let shapes = [text, image].map { $0.shape(of: spec.name) }
            let firstThatCounts = spec.role == .table ? 1 : 0
            guard
                shapes[0]?.dropFirst(firstThatCounts) != shapes[1]?.dropFirst(firstThatCounts)
            else { continue }
            let found = shapes.map { $0.map { "\($0)" } ?? "missing" }
            throw failure("\"\(spec.name)\"", found[0], found[1])
        }
        // Matrices of equal shapes can have different heads.
        for (setting, size) in [
            ("head_dim", \TowerConfig.headWidth), ("num_attention_heads", \.headCount),
        ] where text.config[keyPath: size] != image.config[keyPath: size] {
            let sizes = [text, image].map { "\($0.config[keyPath: size])" }
            throw failure(setting, sizes[0], sizes[1])
        }
    }

    /// The hyperparameters that differ though no shape shows it; the fused model keeps one value.
    var unlikeSettings: [String] {
        let (left, right) = (text.config, image.config)
        var settings = zip(left.parts.hyperparameters, right.parts.hyperparameters).map {
            own,
            other in
            (name: own.setting, text: own.value, image: other.value, kept: own.value)
        }
        settings.append(
            (
                "max_position_embeddings", "\(left.contextLength)", "\(right.contextLength)",
                "\(min(left.contextLength, right.contextLength))"
            )
        )
        return settings.filter { $0.text != $0.image }.map {
            "\($0.name) is \($0.text) in the text parent and \($0.image) in the image parent; "
                + "the fused model has \($0.kept)"
        }
    }

    /// The fused `config.json`: the text parent's keys that we do not know survive.
    func json(of fused: TowerConfig) -> JSON.Object {
        var object = fused.json
        // transformers 5 renamed the key of the weights' type; the parent's spelling stays.
        if case .object(let parent) = text.folder.config, parent["dtype"] != nil {
            object["dtype"] = parent["dtype"]
        }
        return object
    }
}
