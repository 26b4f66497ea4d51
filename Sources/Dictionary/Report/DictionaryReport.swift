package import Basics
internal import Documents
package import Evaluating
internal import Foundation
internal import Generating
internal import Models

/// What models of the picture dictionary can do: the right image, the definition, and how much of
/// their parents' tasks they have forgotten.
package struct DictionaryReport: Sendable {
    /// What was to be measured.
    package let plan: ReportPlan
    /// How it was measured.
    package let options: ReportOptions
    /// The figures of each model by its name; a model that is missing here was not run.
    package let figures: [String: ModelFigures]
    /// What the image tokenizer alone allows; `nil` if no model draws.
    package let ceiling: RetrievalAccuracy?
    /// The numbers of things that were asked about.
    package let counts: Counts
    /// The images of the concepts that were to be drawn, in order.
    let originals: [Image]

    /// The numbers of things that were asked about.
    package struct Counts: Sendable, Equatable {
        /// Held-out concepts, each of which was to be drawn.
        package let concepts: Int
        /// Those that are defined.
        package let definitions: Int
        /// Answers that the gallery can tell apart.
        package let answers: Int
    }

    /// Measures every model of a plan whose folder is there.
    ///
    /// - Parameters:
    ///   - plan: the models.
    ///   - data: the dictionary that they were trained on.
    ///   - options: how.
    ///   - onProgress: takes the progress.
    /// - Returns: the figures of all models that are there.
    /// - Throws: what is wrong with a folder that is there, and what the engine throws.
    package static func measure(
        _ plan: ReportPlan,
        on data: DictionaryData,
        _ options: ReportOptions,
        onProgress: @escaping ProgressHandler = { _ in }
    ) throws -> DictionaryReport {
        let questions = ReportQuestions(data, options)
        let present = plan.models.filter { FileManager.default.fileExists(atPath: $0.folder) }
        let total = present.reduce(0) { $0 + questions.drawingCount(of: $1.kind) }
        var done = 0
        let progress = Progress(
            "reporting",
            total: total,
            unit: "images",
            to: onProgress
        )
        var figures: [String: ModelFigures] = [:]
        var ceiling: RetrievalAccuracy?
        for entry in present {
            let trial = ModelTrial(
                generator: try MultimodalModel(contentsOf: entry.folder),
                kind: entry.kind,
                data: data,
                questions: questions,
                options: options
            )
            figures[entry.name] = try trial.run {
                progress.advance(to: done + $0, note: entry.label)
            }
            done += questions.drawingCount(of: entry.kind)
            if entry.kind != .textParent, ceiling == nil { ceiling = try trial.ceiling() }
        }
        progress.finish(at: total)
        return DictionaryReport(
            plan: plan,
            options: options,
            figures: figures,
            ceiling: ceiling,
            counts: Counts(
                concepts: questions.concepts.count,
                definitions: questions.definitions.count,
                answers: Set(data.index.answerClasses.values).count
            ),
            originals: questions.concepts.map { data.painter.image(of: Scene($0)) }
        )
    }

    /// The models that were not run, since their folders are not there.
    package var missing: [ReportPlan.Entry] { plan.models.filter { figures[$0.name] == nil } }
}
