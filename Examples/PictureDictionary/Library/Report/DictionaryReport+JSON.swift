import Basics
import Evaluating
import Generating

extension DictionaryReport {
    /// All figures, with the outcome of every drawing.
    func json(date: String) -> JSON {
        [
            "date": .string(date),
            "settings": settings,
            "counts": [
                "concepts": .integer(conceptCount),
                "definitions": .integer(definitionCount),
                "answers": .integer(answerCount),
            ],
            "table": table.json,
            "asked": askedTable.json,
            "models": .array(plan.models.map(json)),
            "ablations": .array(
                plan.ablations.map { ablation in
                    [
                        "variable": .string(ablation.variable.rawValue),
                        "arms": table(of: ablation).json,
                    ]
                }
            ),
        ]
    }

    private var settings: JSON {
        let (temperature, topP): (JSON, JSON) =
            switch options.sampling {
            case .greedy: (0, .null)
            case .sampled(let temperature, let topP): (.number(temperature), .number(topP))
            }
        return [
            "limit": options.limit.map(JSON.integer) ?? .null,
            "sample_size": .integer(options.sampleSize),
            "seed": .string("\(options.seed)"),
            "contrasts": [.string(options.guidance.summary)],
            "image_temperature": temperature,
            "image_top_p": topP,
        ]
    }

    private func json(_ entry: ReportPlan.Entry) -> JSON {
        var object: JSON.Object = [
            "name": .string(entry.name),
            "label": .string(entry.label),
            "folder": .string(entry.folder),
            "kind": .string(entry.kind.rawValue),
        ]
        guard let figures = figures[entry.name] else {
            object["status"] = "not run"
            return .object(object)
        }
        object["status"] = "measured"
        object["seconds"] = .number(figures.seconds)
        object["definitions"] = figures.definitions.json
        object["definitions_as_prose"] = figures.definitionsAsProse.json
        object["prose"] = figures.prose.json
        object["codes"] = figures.codes?.json ?? .null
        object["drawings"] = figures.drawings.map { .array($0.map(\.json)) } ?? .null
        object["illustrations"] = figures.illustrations.map { .array($0.map(\.json)) } ?? .null
        object["held_out_drawings"] =
            figures.heldOutDrawings.map { .array($0.map(\.json)) } ?? .null
        object["held_out_illustrations"] =
            figures.heldOutIllustrations.map { .array($0.map(\.json)) } ?? .null
        object["second_turns"] = figures.secondTurns.map { .array($0.map(\.json)) } ?? .null
        return .object(object)
    }
}

extension ModelFigures.Drawing {
    fileprivate var json: JSON {
        [
            "concept": .string(concept.name),
            "rank": rank.map(JSON.integer) ?? .null,
            "nearest": nearest.map(JSON.string) ?? .null,
        ]
    }
}

extension Perplexity {
    fileprivate var json: JSON {
        [
            "tokens": .number(weight),
            "loss": .number(loss),
            "bits": .number(bits),
            "perplexity": value.isFinite ? .number(value) : .null,
        ]
    }
}
