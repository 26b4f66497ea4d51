package import Basics
import Checkpoints
import Vocabulary

extension FusionPlan {
    /// The plan for a program: totals, parts, tokens, config, and each weight with its rule.
    package var json: JSON {
        [
            "method": .string(recipe.method.name),
            "options": .object(recipe.options),
            "text": .string(parents.text.name),
            "image": .string(parents.image.name),
            "dtype": .string(format.elementType.rawValue),
            "parameters": .integer(parameterCount),
            "bytes": .integer(byteCount),
            "files": .array(layout.shards.map { .string($0.file) }),
            "tokens": tokens,
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
                        "from": .array(
                            $0.rule.sources.map {
                                ["parent": .string($0.parent.rawValue), "name": .string($0.name)]
                            }
                        ),
                    ]
                }
            ),
        ]
    }

    private var tokens: JSON {
        let (space, vocabulary) = (parents.space, parents.vocabulary)
        var json: JSON.Object = [
            "text": .integer(space.text.count),
            "special tokens": .integer(space.specialTokens.count),
            "image": .integer(space.image.count),
            "first_image": space.image.isEmpty ? .null : .integer(space.image.lowerBound),
            "others": .integer(otherRowCount),
            "rows": .integer(vocabulary.rows),
        ]
        json["added"] = .array(vocabulary.added.map(JSON.string))
        if vocabulary.isUnion {
            json["union"] = [
                "appended": .array(vocabulary.appended.map(JSON.string)),
                "text": Self.counts(vocabulary.text), "image": Self.counts(vocabulary.image),
            ]
        }
        return .object(json)
    }

    /// How many rows of a parent there are of each case.
    private static func counts(_ side: TokenUnion.Side) -> JSON {
        var counts = JSON.Object()
        for found in TokenUnion.Side.Case.allCases {
            counts[found.rawValue] = .integer(side.count(of: found))
        }
        counts["left_out"] = .integer(side.leftOut)
        return .object(counts)
    }
}
