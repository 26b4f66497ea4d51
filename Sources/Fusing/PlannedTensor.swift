package import Checkpoints

/// One weight of the fused model, and how it is made.
package struct PlannedTensor: Sendable, Equatable {
    /// The part of a model that a weight belongs to.
    package enum Group: String, Sendable, CaseIterable {
        case embedding
        case attention
        case feedForward = "feed-forward"
        case norms
        case bridges
        case mixer
        case head
        case apart = "not run"
    }

    /// Its name, shape and role in the fused model.
    package let spec: ParameterSpec
    /// The type and shape as it is stored.
    package let entry: WeightEntry
    /// How it is made.
    package let rule: TensorRule

    /// Plans the weight `spec`, stored in `format`.
    init(_ spec: ParameterSpec, format: FloatFormat, rule: TensorRule) {
        self.spec = spec
        entry = WeightEntry(
            name: spec.name,
            elementType: format.elementType,
            shape: spec.shape
        )
        self.rule = rule
    }

    /// The part of the model that the weight belongs to.
    package var group: Group {
        if spec.name.hasPrefix("bridges.") { return .bridges }
        if spec.name.hasPrefix("mixer.") { return .mixer }
        switch spec.role {
        case .table, .positions: return .embedding
        case .head: return .head
        case .gain: return .norms
        case .kernel: return .apart
        case .matrix, .bias:
            let isFeedForward = [".mlp.", ".fc1.", ".fc2."].contains { spec.name.contains($0) }
            return isFeedForward ? .feedForward : .attention
        }
    }
}
