package import Basics
package import Checkpoints
package import Tensors

/// The weights of a checkpoint, strict both ways: nothing missing, nothing left over.
package final class WeightsSource: ParameterSource {
    private let weights: any WeightSource
    private let elementType: ElementType
    private let dropped: (String) -> Bool

    /// Reads weights as `elementType`.
    ///
    /// - Parameters:
    ///   - weights: an opened checkpoint.
    ///   - elementType: what the model computes in, whatever the file holds.
    ///   - dropped: which names of the checkpoint may be left over on purpose.
    package init(
        _ weights: any WeightSource,
        as elementType: ElementType = .float32,
        dropping dropped: @escaping (String) -> Bool = { _ in false }
    ) {
        self.weights = weights
        self.elementType = elementType
        self.dropped = dropped
    }

    /// The weight that `spec` states.
    package func tensor(for spec: ParameterSpec, initially: Initialization) throws -> Tensor {
        try weights.check(spec)
        if let entry = weights.entry(spec.name), FloatFormat(entry.elementType) != nil {
            return try weights.withBytes(of: spec.name) {
                Tensor(bytes: $0, spec.shape, entry.elementType).to(elementType)
            }
        }
        return Tensor(try weights.floats(of: spec.name), spec.shape).to(elementType)
    }

    /// Called when the model is complete.
    package func finish(stated names: Set<String>) throws {
        try weights.checkNothingIsUnused(besides: names, allowingUnused: dropped)
    }
}
