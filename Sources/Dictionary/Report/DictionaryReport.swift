public import Basics
internal import Documents
public import Evaluating
internal import Foundation
internal import Generating

/// What models of the picture dictionary can do: the right image, the definition, and how much of
/// their parents' tasks they have forgotten.
public struct DictionaryReport: Sendable {
    /// What was to be measured.
    public let plan: ReportPlan
    /// How it was measured.
    public let options: ReportOptions
    /// The figures of each model by its name; a model that is missing here was not run.
    public let figures: [String: ModelFigures]
    /// What the image tokenizer alone allows; `nil` if no model draws.
    public let ceiling: RetrievalAccuracy?
    /// The numbers of things that were asked about.
    public let counts: Counts
    /// The images of the concepts that were to be drawn, in order.
    let originals: [Image]

    /// The numbers of things that were asked about.
    public struct Counts: Sendable, Equatable {
        /// Held-out concepts, each of which was to be drawn.
        public let concepts: Int
        /// Those that are defined.
        public let definitions: Int
        /// Answers that the gallery can tell apart.
        public let answers: Int
    }

    /// Measures every model of a plan whose folder is there.
    ///
    /// - Parameters:
    ///   - plan: the models.
    ///   - data: the dictionary that they were trained on.
    ///   - options: how.
    ///   - style: how progress is shown.
    /// - Returns: the figures of all models that are there.
    /// - Throws: what is wrong with a folder that is there, and what the engine throws.
    public static func measure(
        _ plan: ReportPlan,
        on data: DictionaryData,
        _ options: ReportOptions,
        style: Basics.Progress.Style = .detected()
    ) throws -> DictionaryReport {
        let questions = ReportQuestions(data, options)
        let present = plan.models.filter { FileManager.default.fileExists(atPath: $0.folder) }
        let total = present.reduce(0) { $0 + questions.drawingCount(of: $1.kind) }
        var done = 0
        let progress = Progress(
            "reporting",
            total: total,
            unit: "images",
            style: style
        )
        var figures: [String: ModelFigures] = [:]
        var ceiling: RetrievalAccuracy?
        for entry in present {
            let trial = ModelTrial(
                generator: try Generator(folder: entry.folder),
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
    public var missing: [ReportPlan.Entry] { plan.models.filter { figures[$0.name] == nil } }
}
