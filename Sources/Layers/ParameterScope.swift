package import Checkpoints
package import Tensors

/// A place in the tree of a model's weights, with a source that fills it.
///
/// A layer states each of its weights once, where it is born:
/// `query = try Linear(width, heads * headWidth, scope / "q_proj")`. What then happens is the
/// source's matter: read the weight from a checkpoint, initialize it, or only note its shape.
package struct ParameterScope {
    /// Where every weight that is stated is noted.
    package let store: ParameterStore
    /// The path so far, as `model.layers.0`; empty at the root.
    package let path: String

    /// The root of the weights of `store`.
    package init(_ store: ParameterStore) {
        self.init(store: store, path: "")
    }

    private init(store: ParameterStore, path: String) {
        self.store = store
        self.path = path
    }

    /// The place `component` below this one.
    package static func / (scope: ParameterScope, component: String) -> ParameterScope {
        ParameterScope(store: scope.store, path: scope.name(component))
    }

    /// The place number `index` below this one.
    package static func / (scope: ParameterScope, index: Int) -> ParameterScope {
        scope / String(index)
    }

    /// States one weight and returns it as the source gives it.
    ///
    /// - Throws: what the source finds wrong: a missing tensor, another shape.
    package func parameter(
        _ name: String,
        _ shape: [Int],
        role: ParameterSpec.Role,
        initially: Initialization
    ) throws -> Tensor {
        try store.state(
            ParameterSpec(name: self.name(name), shape: shape, role: role),
            initially: initially
        )
    }

    private func name(_ component: String) -> String {
        path.isEmpty ? component : path + "." + component
    }
}

/// What a weight is before it has learned anything.
package enum Initialization: Sendable, Equatable {
    /// Normally distributed around zero.
    case normal(deviation: Double)
    /// Normally distributed around zero, drawn again where it is more than `cut` deviations away.
    case truncatedNormal(deviation: Double, cut: Double)
    /// One number everywhere.
    case constant(Double)
}

/// Gives a model its weights, one at a time, as the model states them.
package protocol ParameterSource: AnyObject {
    /// The weight that `spec` states.
    func tensor(for spec: ParameterSpec, initially: Initialization) throws -> Tensor
    /// Called when the model is complete, so that a strict source can refuse what is left over.
    func finish(stated names: Set<String>) throws
}

/// One weight of a model.
package struct Parameter {
    /// Name, shape and role.
    package let spec: ParameterSpec
    /// The numbers.
    package let tensor: Tensor

    /// Puts a weight together that no model states.
    package init(spec: ParameterSpec, tensor: Tensor) {
        self.spec = spec
        self.tensor = tensor
    }
}

/// The weights of one model in the order in which the model stated them.
package final class ParameterStore {
    /// The weights stated so far.
    package private(set) var parameters: [Parameter] = []
    private var names: Set<String> = []
    private let source: any ParameterSource

    /// A store that `source` fills.
    package init(_ source: any ParameterSource) {
        self.source = source
    }

    func state(_ spec: ParameterSpec, initially: Initialization) throws -> Tensor {
        precondition(names.insert(spec.name).inserted, "\(spec.name) is stated twice")
        let tensor = try source.tensor(for: spec, initially: initially)
        parameters.append(Parameter(spec: spec, tensor: tensor))
        return tensor
    }

    /// Builds a model and then lets the source refuse what no layer asked for.
    package static func build<Model>(
        from source: any ParameterSource,
        _ make: (ParameterScope) throws -> Model
    ) throws -> (model: Model, store: ParameterStore) {
        try withTorchErrors {
            let store = ParameterStore(source)
            let model = try make(ParameterScope(store))
            try source.finish(stated: store.names)
            return (model, store)
        }
    }

    /// The weights that a model would state, without making any of them.
    package static func declaration<Model>(
        of make: (ParameterScope) throws -> Model
    ) rethrows -> [ParameterSpec] {
        let store = ParameterStore(DeclarationSource())
        _ = try make(ParameterScope(store))
        return store.parameters.map(\.spec)
    }
}
