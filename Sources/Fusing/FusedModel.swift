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
        case .width(let offDiagonal, let norm):
            try Width(parents, offDiagonal: offDiagonal, norm: norm).model()
        case .cross(let interval, let direction, let start):
            try Cross(
                parents,
                every: interval,
                direction: direction,
                start: start,
                seed: seed
            ).model()
        }
    }
}
