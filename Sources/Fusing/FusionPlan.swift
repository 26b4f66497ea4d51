package import Basics
package import Checkpoints
import Decoders
import Vocabulary

/// All that a fusion will do, as data: the fused model's config and how each weight is made.
///
/// Making a plan reads configs, tokenizers and the headers of weights, but no weights. The plan has
/// exactly the names and shapes of the model that its config describes, and each element is made
/// once.
package struct FusionPlan: Sendable {
    package let recipe: FusionRecipe
    package let parents: Parents
    /// The type of all fused weights.
    package let format: FloatFormat
    /// The fused `config.json`.
    package let config: JSON.Object
    /// The weights in the order of the model.
    package let tensors: [PlannedTensor]
    /// What a user should know, one sentence each.
    package let notes: [String]

    /// Plans the fusion of the checkpoints in two folders, or says why they cannot be fused so.
    package init(_ recipe: FusionRecipe, text: String, image: String) throws {
        try recipe.validate()
        let parents = try Parents(
            text: text,
            image: image,
            vocabulary: recipe.vocabulary,
            refusingNonFinite: recipe.refusesNonFinite
        )
        let fused = try recipe.model(of: parents)
        let formats = [parents.text.format, parents.image.format]
        let shared = formats[0] == formats[1] ? formats[0] : nil
        self.recipe = recipe
        self.parents = parents
        format = recipe.format ?? shared ?? .float32
        config = Self.stating(format, parents.vocabulary.addedRows, in: fused.config)
        tensors = try fused.tensors(as: format)
        notes =
            fused.notes + Self.additions(parents.vocabulary)
            + parents.text.warnings + parents.image.warnings
    }

    /// The number of parameters.
    package var parameterCount: Int { tensors.reduce(0) { $0 + $1.spec.count } }

    /// The bytes of all weights.
    package var byteCount: Int { layout.byteCount }

    /// Which weight goes to which file.
    package var layout: ShardLayout {
        ShardLayout(tensors.map(\.entry), maxShardSize: recipe.maxShardSize)
    }

    /// What is said of the tokens that the text parent lacks.
    private static func additions(_ vocabulary: TokenUnion) -> [String] {
        var notes: [String] = []
        if !vocabulary.appended.isEmpty {
            notes.append("from the image parent: \(summary(of: vocabulary.appended))")
        }
        if !vocabulary.added.isEmpty {
            notes.append(
                "added: \(summary(of: vocabulary.added)), which neither parent has; their rows start "
                    + "untrained: zero as inputs, in the head the mean of the rows of text"
            )
        }
        return notes
    }

    /// Tokens by their strings, those that are numbered as a range.
    private static func summary(of spellings: [String]) -> String {
        func stem(_ spelling: String) -> String { spelling.filter { !$0.isNumber } }
        let groups = Dictionary(grouping: spellings, by: stem)
        var names: [String] = []
        var seen: Set<String> = []
        for spelling in spellings where seen.insert(stem(spelling)).inserted {
            let group = groups[stem(spelling)] ?? []
            names.append(group.count > 2 ? "\(group[0]) … \(group[group.count - 1])" : spelling)
            if group.count == 2 { names.append(group[1]) }
        }
        return names.count <= 12
            ? names.joined(separator: ", ")
            : names.prefix(12).joined(separator: ", ") + ", and \(names.count - 12) more"
    }

    /// The config with the type of the weights, under the key that it already has, and with the
    /// rows that neither parent has.
    private static func stating(
        _ format: FloatFormat,
        _ added: Range<TokenID>,
        in config: JSON.Object
    ) -> JSON.Object {
        var config = config
        if let first = added.first, let last = added.last {
            config[DecoderConfig.addedTokensKey] = [.integer(first), .integer(last)]
        }
        config[config["dtype"] == nil ? "torch_dtype" : "dtype"] = .string(format.rawValue)
        return config
    }
}

/// The weights of one part of the model that are made by one rule.
struct PlanLine {
    let group: PlannedTensor.Group
    let rule: String
    var tensorCount = 0
    var parameterCount = 0
}

extension FusionPlan {
    /// The weights summed up by part and rule, in the order of the parts.
    var lines: [PlanLine] {
        var lines: [PlanLine] = []
        for tensor in tensors {
            let (group, rule) = (tensor.group, tensor.rule.summary)
            let found = lines.firstIndex { $0.group == group && $0.rule == rule }
            let index = found ?? lines.endIndex
            if found == nil { lines.append(PlanLine(group: group, rule: rule)) }
            lines[index].tensorCount += 1
            lines[index].parameterCount += tensor.spec.count
        }
        return PlannedTensor.Group.allCases.flatMap { group in
            lines.filter { $0.group == group }
        }
    }

    /// The rows of the fused tables that are neither text, special tokens nor image codes: other
    /// added tokens, and rows that no token uses.
    var otherRowCount: Int {
        let space = parents.space
        return parents.vocabulary.rows - space.text.count - space.specialTokens.count
            - space.image.count
    }
}
