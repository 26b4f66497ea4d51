package import Evaluating

extension DictionaryReport {
    private enum Title {
        static let definitions = "definition perplexity"
        static let codes = "loss of an image's code"
    }

    /// All models of the plan with all their figures, and what the image tokenizer allows.
    package var table: ResultTable {
        var table = ResultTable(
            "model",
            [
                .init("image_top_1", "right image, first", .percent),
                .init("image_top_5", "among five", .percent),
                .init("illustration_top_1", "first, in explanations", .percent),
                .init("definition_perplexity", Title.definitions, .decimal(2)),
                .init("definition_perplexity_as_prose", "the same as prose", .decimal(2)),
                .init("prose_loss", "loss of prose", .decimal(3)),
                .init("prose_forgetting", "forgotten", .difference(3)),
                .init("code_loss", Title.codes, .decimal(3)),
                .init("code_forgetting", "forgotten", .difference(3)),
            ]
        )
        for entry in plan.models {
            table.append(.init(label(of: entry), values(figures[entry.name])))
        }
        if let ceiling {
            table.append(
                .init(
                    "the images through the image tokenizer",
                    [ceiling.top(1), ceiling.top(5)] + table.columns.dropFirst(2).map { _ in nil }
                )
            )
        }
        return table
    }

    /// The arms of an ablation with the figures that its plot shows.
    func table(of ablation: ReportPlan.Ablation) -> ResultTable {
        var table = ResultTable(
            ablation.variable.rawValue,
            [
                .init("image_top_1", "right image, first", .percent),
                .init("definition_perplexity", Title.definitions, .decimal(2)),
                .init("code_loss", Title.codes, .decimal(3)),
            ]
        )
        for arm in ablation.arms {
            let figures = figures[arm.model]
            table.append(
                .init(
                    arm.label + (figures == nil ? " (not run)" : ""),
                    [figures?.accuracy?.top(1), figures?.definitions.value, figures?.codes?.loss]
                )
            )
        }
        return table
    }

    /// The plot of an ablation: a panel for each column of its table.
    func plot(of ablation: ReportPlan.Ablation) -> Plot {
        let table = table(of: ablation)
        return Plot(
            ablation.variable.title,
            // Kept together, where words go into lines of their own.
            names: table.rows.map { $0.label.replacing("(not run)", with: "(not\u{A0}run)") },
            ablation.variable == .bridges ? .line : .bars,
            panels: table.columns.enumerated().map { index, column in
                Plot.Panel(
                    column.title,
                    isMoreBetter: column.key == "image_top_1",
                    column.figure,
                    table.rows.map { $0.values[index] }
                )
            }
        )
    }

    func label(of entry: ReportPlan.Entry) -> String {
        entry.label + (figures[entry.name] == nil ? " (not run)" : "")
    }

    private func values(_ figures: ModelFigures?) -> [Double?] {
        let textParent = plan.parent(.textParent).flatMap { self.figures[$0.name] }
        let imageParent = plan.parent(.imageParent).flatMap { self.figures[$0.name] }
        return [
            figures?.accuracy?.top(1),
            figures?.accuracy?.top(5),
            figures?.illustrationAccuracy?.top(1),
            figures?.definitions.value,
            figures?.definitionsAsProse.value,
            figures?.prose.loss,
            difference(figures?.prose, textParent?.prose),
            figures?.codes?.loss,
            difference(figures?.codes, imageParent?.codes),
        ]
    }

    private func difference(_ own: Perplexity?, _ parent: Perplexity?) -> Double? {
        guard let own, let parent else { return nil }
        return own.loss - parent.loss
    }
}
