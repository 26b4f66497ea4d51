package import Basics
package import Checkpoints
package import Tensors

/// The weights of a checkpoint, strict both ways: no missing and no unused weights.
package final class WeightsSource: ParameterSource {
    private let weights: any WeightSource
    private let elementType: ElementType
    private let allowsUnused: (String) -> Bool

    /// - Parameters:
    ///   - weights: an opened checkpoint.
    ///   - elementType: the type that the model computes in.
    ///   - allowsUnused: which weights of the checkpoint the model may leave unused.
    package init(
        _ weights: any WeightSource,
        as elementType: ElementType = .float32,
        allowingUnused allowsUnused: @escaping (String) -> Bool = { _ in false }
    ) {
        self.weights = weights
        self.elementType = elementType
        self.allowsUnused = allowsUnused
    }

    package func tensor(for spec: ParameterSpec, initially: Initialization) throws -> Tensor {
        try weights.check(spec)
        if let entry = weights.entry(spec.name), FloatFormat(entry.elementType) != nil {
            return try weights.withBytes(of: spec.name) {
                Tensor(bytes: $0, spec.shape, entry.elementType).to(elementType)
            }
        }
        return Tensor(try weights.floats(of: spec.name), spec.shape).to(elementType)
    }

    package func finish(declared names: Set<String>) throws {
        try weights.checkNothingIsUnused(besides: names, allowingUnused: allowsUnused)
    }
}
