package import Basics
import Checkpoints

extension FusionPlan {
    /// The plan for a program: totals, parts, tokens, config, and each weight with its rule.
    package var json: JSON {
        [
            "method": .string(recipe.method.name),
            "options": .object(recipe.options),
            "text": .string(parentNames.text),
            "image": .string(parentNames.image),
            "dtype": .string(format.elementType.rawValue),
            "parameters": .integer(parameterCount),
            "bytes": .integer(byteCount),
            "files": .array(layout.shards.map { .string($0.file) }),
            "tokens": tokens.json,
            "parts": .array(
                lines.map {
                    [
                        "part": .string($0.group.rawValue),
                        "tensors": .integer($0.tensorCount),
                        "parameters": .integer($0.parameterCount),
                        "rule": .string($0.rule),
                    ]
                }
            ),
            "notes": .array(notes.map(JSON.string)),
            "config": .object(config),
            "weights": .array(
                tensors.map {
                    [
                        "name": .string($0.spec.name),
                        "shape": .array($0.spec.shape.map(JSON.integer)),
                        "rule": .string($0.rule.summary),
                        "from": .array($0.rule.sources.map(\.json)),
                    ]
                }
            ),
        ]
    }
}

extension ParentWeight {
    /// The weight as `{"parent": "text", "name": …}`.
    fileprivate var json: JSON {
        ["parent": .string(parent.rawValue), "name": .string(name)]
    }
}
