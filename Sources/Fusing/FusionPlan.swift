package import Basics
package import Checkpoints
import Decoders
import Vocabulary

/// All that a fusion will do, as data: the fused model's config and how each weight is made.
///
/// Making a plan reads configs, tokenizers and the headers of weights, and no weight. The plan is
/// held against the declaration of the model that its config describes: the same names and shapes,
/// nothing missing, nothing left over, each element made once.
package struct FusionPlan: Sendable, Equatable {
    /// What was asked for.
    package let recipe: FusionRecipe
    /// The names of the parents' folders.
    package let parentNames: ParentNames
    /// The type of all fused weights.
    package let format: FloatFormat
    /// The fused `config.json`.
    package let config: JSON.Object
    /// The weights in the order in which the model states them.
    package let tensors: [PlannedTensor]
    /// What the rows of the tables mean.
    package let tokens: TokenTable
    /// What a user should know, one sentence each.
    package let notes: [String]

    /// The last parts of the parents' paths.
    package struct ParentNames: Sendable, Equatable {
        /// The text parent's.
        package let text: String
        /// The image parent's.
        package let image: String
    }

    /// Plans the fusion of `parents`, or says why they cannot be fused so.
    package init(_ recipe: FusionRecipe, of parents: Parents) throws {
        try recipe.validate()
        let fused = try recipe.method.fused(parents, seed: recipe.seed)
        let (text, image) = (parents.text, parents.image)
        let shared = text.format == image.format ? text.format : nil
        let format = recipe.format ?? shared ?? .float32

        var recipe = recipe
        recipe.vocabulary = parents.union == nil ? .same : .union
        self.recipe = recipe
        self.format = format
        parentNames = ParentNames(text: text.name, image: image.name)
        config = Self.stating(format, in: fused.config)
        tensors = try Self.tensors(fused, format: format, of: parents)
        tokens = TokenTable(parents)
        notes = fused.notes + text.folder.warnings + image.folder.warnings
    }

    /// The number of parameters.
    package var parameterCount: Int { tensors.reduce(0) { $0 + $1.spec.count } }

    /// The bytes of all weights.
    package var byteCount: Int { layout.byteCount }

    /// Which weight goes to which file.
    package var layout: ShardLayout {
        ShardLayout(tensors.map(\.entry), maxShardSize: recipe.maxShardSize)
    }

    private static func tensors(
        _ fused: FusedModel,
        format: FloatFormat,
        of parents: Parents
    ) throws -> [PlannedTensor] {
        let stated = Set(fused.declaration.map(\.name))
        if let extra = fused.rules.keys.filter({ !stated.contains($0) }).min() {
            throw FusionError.inconsistent(name: extra, problem: "makes a weight of no model")
        }
        return try fused.declaration.map { spec in
            guard let rule = fused.rules[spec.name] else {
                throw FusionError.inconsistent(name: spec.name, problem: "is missing")
            }
            let tensor = PlannedTensor(spec, format: format, rule: rule)
            try TileCover(of: tensor, parents).verify()
            return tensor
        }
    }

    /// A config that states the type of the weights, at the place that it already has.
    private static func stating(_ format: FloatFormat, in config: JSON.Object) -> JSON.Object {
        var config = config
        let name =
            switch format {
            case .float32: "float32"
            case .bfloat16: "bfloat16"
            case .float16: "float16"
            }
        config[config["dtype"] == nil ? "torch_dtype" : "dtype"] = .string(name)
        return config
    }
}
