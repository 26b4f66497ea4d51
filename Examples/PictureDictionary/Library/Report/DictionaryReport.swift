package import Basics
import Documents
import Evaluating
import Foundation

/// How well models of the picture dictionary draw the right image, define it, and remember their
/// parents' training data.
package struct DictionaryReport: Sendable {
    let plan: ReportPlan
    let options: ReportOptions
    /// By model name; without the models that were not run.
    package let figures: [String: ModelFigures]
    /// What the image tokenizer alone allows; `nil` if no model draws.
    let ceiling: RetrievalAccuracy?
    /// How many held-out concepts were measured.
    package let conceptCount: Int
    /// How many of them have a definition.
    package let definitionCount: Int
    /// How many answers the reference images can tell apart.
    let answerCount: Int
    /// The reference images of the concepts, in order.
    let references: [Image]

    /// Measures the models of a plan whose folders exist.
    ///
    /// - Throws: what is wrong with such a folder, and errors of the engine.
    package static func measure(
        _ plan: ReportPlan,
        on data: DictionaryData,
        _ options: ReportOptions,
        onProgress: @escaping ProgressHandler = { _ in }
    ) throws -> DictionaryReport {
        let questions = ReportQuestions(data, options)
        let trial = ModelTrial(data: data, questions: questions, options: options)
        let present = plan.models.filter { FileManager.default.fileExists(atPath: $0.folder) }
        let total = present.reduce(0) { $0 + questions.drawingCount(of: $1.kind) }
        let progress = Progress("reporting", total: total, unit: "images", to: onProgress)
        var done = 0
        var figures: [String: ModelFigures] = [:]
        var ceiling: RetrievalAccuracy?
        for entry in present {
            let model = try DictionaryModel(folder: entry.folder)
            figures[entry.name] = try trial.run(model, entry.kind) {
                progress.advance(to: done + $0, note: entry.label)
            }
            done += questions.drawingCount(of: entry.kind)
            if entry.kind != .textParent, ceiling == nil {
                ceiling = try model.imageTokenizer.map(trial.ceiling)
            }
        }
        progress.finish(at: total)
        return DictionaryReport(
            plan: plan,
            options: options,
            figures: figures,
            ceiling: ceiling,
            conceptCount: questions.concepts.count,
            definitionCount: questions.definitions.count,
            answerCount: data.index.answerCount,
            references: questions.images
        )
    }

    /// The models whose folders do not exist.
    package var missing: [ReportPlan.Entry] { plan.models.filter { figures[$0.name] == nil } }

    package func files(date: String) -> ReportFiles {
        let drawn = plan.models.compactMap { entry in
            figures[entry.name]?.drawings.map { (label: entry.label, drawings: $0) }
        }
        let sheet = drawn.first.map { first in
            ContactSheet(
                of: first.drawings.map(\.concept),
                rows: [references] + drawn.map { $0.drawings.map(\.image) }
            )
        }
        return ReportFiles(
            markdown: markdown(date: date, sheet, rows: drawn.map(\.label)),
            json: json(date: date),
            plots: Dictionary(
                uniqueKeysWithValues: plan.ablations.map { ($0.plotFile, plot(of: $0).svg) }
            ),
            sheet: sheet
        )
    }
}

extension ReportPlan.Ablation {
    var plotFile: String { variable.rawValue.replacing("_", with: "-") + ".svg" }
}
