import Basics
import Checkpoints

/// What a method makes of two parents, before it is held against the model that it should be.
struct FusedModel {
    /// The `config.json`, still without the type of the weights.
    let config: JSON.Object
    /// The weights that a model of this config states.
    let declaration: [ParameterSpec]
    /// How each weight is made, by its name.
    let rules: [String: TensorRule]
    /// What a user should know, one sentence each.
    let notes: [String]
}

extension FusionMethod {
    /// Joins two parents, or says why this method cannot.
    func fused(_ parents: Parents, seed: UInt64) throws -> FusedModel {
        switch self {
        case .uniform(let share):
            try Uniform(parents, textShare: share).model()
                .carrying(parents.image.apart.isEmpty ? parents.text : parents.image, at: "")
        case .width(let offDiagonal, let norm):
            try Width(parents, offDiagonal: offDiagonal, norm: norm).model()
                .carrying(parents.image.apart.isEmpty ? parents.text : parents.image, at: "")
        case .cross(let interval, let direction, let start):
            try Cross(
                parents,
                every: interval,
                direction: direction,
                start: start,
                seed: seed
            ).model()
                .carrying(parents.text, at: "towers.text.")
                .carrying(parents.image, at: "towers.image.")
        }
    }
}

extension FusedModel {
    /// With the weights that `parent` keeps apart, under `path`: a decoder does not run them, and
    /// `transformers` looks for them.
    fileprivate func carrying(_ parent: Parent, at path: String) -> FusedModel {
        let carried = parent.apart.map {
            ParameterSpec(name: path + $0.name, shape: $0.shape, role: $0.role)
        }
        let copies = zip(carried, parent.apart).map {
            ($0.name, TensorRule.copy(ParentWeight(parent: parent.role, name: $1.name)))
        }
        return FusedModel(
            config: config,
            declaration: declaration + carried,
            rules: rules.merging(copies) { $1 },
            notes: notes
        )
    }
}
