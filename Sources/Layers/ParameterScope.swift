package import Checkpoints
package import Tensors

/// A path in the tree of a model's weights, with the source that provides them.
///
/// A layer declares each of its weights once, where it is created:
/// `query = try Linear(width, heads * headWidth, scope / "q_proj")`. The source then reads the weight
/// from a checkpoint, initializes it, or only records its shape. Initializers that take a scope throw
/// the errors of its source.
package struct ParameterScope {
    fileprivate let store: ParameterStore
    /// For example `model.layers.0`; empty at the root.
    fileprivate let path: String

    package static func / (scope: ParameterScope, component: String) -> ParameterScope {
        ParameterScope(store: scope.store, path: scope.name(component))
    }

    package static func / (scope: ParameterScope, index: Int) -> ParameterScope {
        scope / String(index)
    }

    /// Declares one weight and returns it.
    ///
    /// - Throws: what the source finds wrong, such as a missing tensor or another shape.
    package func parameter(
        _ name: String,
        _ shape: [Int],
        role: ParameterSpec.Role,
        sections: [Int] = [],
        initially: Initialization
    ) throws -> Tensor {
        try store.declare(
            ParameterSpec(name: self.name(name), shape: shape, role: role, sections: sections),
            initially: initially
        )
    }

    private func name(_ component: String) -> String {
        path.isEmpty ? component : path + "." + component
    }
}

/// How a weight is initialized.
package enum Initialization: Sendable, Equatable {
    case normal(std: Double)
    /// Normal, resampled beyond `cut` standard deviations.
    case truncatedNormal(std: Double, cut: Double)
    case constant(Double)
}

/// Provides the weights of a model, in the order of their declaration.
package protocol ParameterSource: AnyObject {
    func tensor(for spec: ParameterSpec, initially: Initialization) throws -> Tensor
    /// Called when the model is complete, so that a strict source can refuse unused weights.
    func finish(declared names: Set<String>) throws
}

/// One weight of a model.
package struct Parameter {
    package let spec: ParameterSpec
    package let tensor: Tensor

    package init(spec: ParameterSpec, tensor: Tensor) {
        self.spec = spec
        self.tensor = tensor
    }
}

/// The weights of one model in the order of their declaration.
package final class ParameterStore {
    package private(set) var parameters: [Parameter] = []
    private var names: Set<String> = []
    private let source: any ParameterSource

    private init(_ source: any ParameterSource) {
        self.source = source
    }

    fileprivate func declare(_ spec: ParameterSpec, initially: Initialization) throws -> Tensor {
        precondition(names.insert(spec.name).inserted, "\(spec.name) is declared twice")
        let tensor = try source.tensor(for: spec, initially: initially)
        parameters.append(Parameter(spec: spec, tensor: tensor))
        return tensor
    }

    /// Builds a model and lets the source refuse unused weights.
    package static func build<Model>(
        from source: any ParameterSource,
        _ make: (ParameterScope) throws -> Model
    ) throws -> (model: Model, store: ParameterStore) {
        try withTorchErrors {
            let store = ParameterStore(source)
            let model = try make(ParameterScope(store: store, path: ""))
            try source.finish(declared: store.names)
            return (model, store)
        }
    }

    /// The weights that a model declares, without creating them.
    package static func declaration<Model>(
        of make: (ParameterScope) throws -> Model
    ) rethrows -> [ParameterSpec] {
        let store = ParameterStore(DeclarationSource())
        _ = try make(ParameterScope(store: store, path: ""))
        return store.parameters.map(\.spec)
    }
}
