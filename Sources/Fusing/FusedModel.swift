import Basics
import Checkpoints

/// What a method makes of two parents, before it is compared with the model that it should be.
struct FusedModel {
    /// The `config.json`, still without the type of the weights.
    let config: JSON.Object
    /// The weights of a model with this config.
    var declaration: [ParameterSpec]
    /// How each weight is made, by its name.
    var rules: [String: TensorRule]
    /// What a user should know, one sentence each.
    let notes: [String]

    /// Adds the auxiliary weights of `parent` under `path`: no decoder runs them, but `transformers`
    /// looks for them.
    fileprivate func adding(auxiliaryOf parent: Parent, at path: String = "") throws -> FusedModel {
        var model = self
        for spec in parent.auxiliary {
            let name = path + spec.name
            model.declaration.append(ParameterSpec(name: name, shape: spec.shape, role: spec.role))
            model.rules[name] = .copy(try parent.weight(spec.name))
        }
        return model
    }

    /// The weights with their rules, each weight of the model made and nothing else.
    func tensors(as format: FloatFormat) throws(FusionError) -> [PlannedTensor] {
        let declared = Set(declaration.map(\.name))
        if let extra = rules.keys.filter({ !declared.contains($0) }).min() {
            throw .inconsistent(name: extra, problem: "makes a weight of no model")
        }
        return try declaration.map { spec throws(FusionError) in
            guard let rule = rules[spec.name] else {
                throw .inconsistent(name: spec.name, problem: "is missing")
            }
            return try PlannedTensor(spec, format: format, rule: rule)
        }
    }
}

extension FusionRecipe {
    /// Fuses two parents, or says why this method cannot.
    func model(of parents: Parents) throws -> FusedModel {
        let auxiliary = parents.image.auxiliary.isEmpty ? parents.text : parents.image
        switch method {
        case .uniform(let share):
            return try Uniform(parents: parents, textShare: share).model()
                .adding(auxiliaryOf: auxiliary)
        case .width(let offDiagonal, let norm):
            return try Width(parents: parents, offDiagonal: offDiagonal, norm: norm).model()
                .adding(auxiliaryOf: auxiliary)
        case .cross(let options):
            return try Cross(parents: parents, options: options, seed: seed).model()
                .adding(auxiliaryOf: parents.text, at: "towers.text.")
                .adding(auxiliaryOf: parents.image, at: "towers.image.")
        }
    }
}
