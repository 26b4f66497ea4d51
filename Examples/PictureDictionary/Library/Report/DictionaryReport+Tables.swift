package import Evaluating

extension ResultTable.Column {
    static let top1 = Self("image_top_1", "right image, top 1", .percent)
    static let top5 = Self("image_top_5", "top 5", .percent)
    fileprivate static let definitions =
        Self("definition_perplexity", "definition perplexity", .decimal(2))
    fileprivate static let codes = Self("code_loss", "image code loss", .decimal(3))
}

extension DictionaryReport {
    /// All figures of all models, and the upper bound set by the image tokenizer.
    package var table: ResultTable {
        var table = ResultTable(
            "model",
            [
                .top1, .top5,
                .init("illustration_top_1", "top 1 in explanations", .percent),
                .definitions,
                .init("definition_perplexity_as_prose", "as prose", .decimal(2)),
                .init("prose_loss", "prose loss", .decimal(3)),
                .init("prose_forgetting", "forgotten", .difference(3)),
                .codes,
                .init("code_forgetting", "forgotten", .difference(3)),
            ]
        )
        let textParent = plan.parent(.textParent).flatMap { figures[$0.name] }
        let imageParent = plan.parent(.imageParent).flatMap { figures[$0.name] }
        for entry in plan.models {
            let figures = figures[entry.name]
            let values = [
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
            table.append(.init(label(entry.label, figures), values))
        }
        if let ceiling {
            let rest = table.columns.dropFirst(2).map { _ in nil as Double? }
            table.append(
                .init(
                    "reference images, encoded and decoded",
                    [ceiling.top(1), ceiling.top(5)] + rest
                )
            )
        }
        return table
    }

    /// How often tuned models draw the right image, by how they are asked.
    package var askedTable: ResultTable {
        var table = ResultTable(
            "model",
            [
                .top1, .top5,
                .init("held_out_wordings_top_1", "held-out wordings, top 1", .percent),
                .init("held_out_wordings_top_5", "top 5", .percent),
                .init("held_out_explanations_top_1", "in explanations, top 1", .percent),
                .init("held_out_explanations_top_5", "top 5", .percent),
                .init("second_turn_top_1", "second turn, top 1", .percent),
                .init("second_turn_top_5", "top 5", .percent),
            ]
        )
        for entry in plan.models where entry.kind == .tuned {
            let figures = figures[entry.name]
            let arms = [
                figures?.accuracy, figures?.heldOutAccuracy, figures?.heldOutIllustrationAccuracy,
                figures?.secondTurnAccuracy,
            ]
            table.append(
                .init(label(entry.label, figures), arms.flatMap { [$0?.top(1), $0?.top(5)] })
            )
        }
        return table
    }

    func table(of ablation: ReportPlan.Ablation) -> ResultTable {
        var table = ResultTable(ablation.variable.rawValue, [.top1, .definitions, .codes])
        for arm in ablation.arms {
            let figures = figures[arm.model]
            table.append(
                .init(
                    label(arm.label, figures),
                    [figures?.accuracy?.top(1), figures?.definitions.value, figures?.codes?.loss]
                )
            )
        }
        return table
    }

    /// The plot of an ablation, with a panel for each column of its table.
    func plot(of ablation: ReportPlan.Ablation) -> Plot {
        let table = table(of: ablation)
        return Plot(
            ablation.variable.title,
            // The plot breaks names at spaces.
            names: table.rows.map { $0.label.replacing("(not run)", with: "(not\u{A0}run)") },
            ablation.variable == .bridges ? .line : .bars,
            panels: table.columns.enumerated().map { index, column in
                Plot.Panel(
                    column.title,
                    isMoreBetter: column == .top1,
                    column.figure,
                    table.rows.map { $0.values[index] }
                )
            }
        )
    }

    private func label(_ label: String, _ figures: ModelFigures?) -> String {
        label + (figures == nil ? " (not run)" : "")
    }

    private func difference(_ own: Perplexity?, _ parent: Perplexity?) -> Double? {
        guard let own, let parent else { return nil }
        return own.loss - parent.loss
    }
}
