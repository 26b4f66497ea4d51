public import Basics

/// What a run does between its steps.
public struct RunOptions: Sendable {
    /// After how many steps the run is saved; it is always saved at its end.
    public var saveInterval: Int
    /// After how many steps the held-out examples are evaluated, and at the end.
    public var evaluationInterval: Int
    /// Examples that are never learned from; evaluation is left out where there are none.
    public var heldOut: [TrainingExample]

    /// Sets the options.
    public init(
        saveInterval: Int,
        evaluationInterval: Int = .max,
        heldOut: [TrainingExample] = []
    ) {
        precondition(saveInterval > 0 && evaluationInterval > 0)
        self.saveInterval = saveInterval
        self.evaluationInterval = evaluationInterval
        self.heldOut = heldOut
    }
}

/// A training run from its start, or from its newest saved step, to its end.
public struct TrainingRun {
    /// The loop.
    public let loop: TrainingLoop
    /// Where the run is kept.
    public let folder: RunFolder
    /// What is done between the steps.
    public let options: RunOptions
    /// What identifies the run, and how the manifest states it.
    public let recipe: (identity: String, json: JSON.Object)
    /// What makes a saved step a model folder.
    public let files: ModelFiles

    /// Puts a run together.
    public init(
        _ loop: TrainingLoop,
        in folder: RunFolder,
        _ options: RunOptions,
        recipe: (identity: String, json: JSON.Object),
        _ files: ModelFiles
    ) {
        self.loop = loop
        self.folder = folder
        self.options = options
        self.recipe = recipe
        self.files = files
    }

    /// Trains until all steps are done, and returns the folder of the last saved step.
    ///
    /// - Parameters:
    ///   - resumes: whether to go on from the newest saved step that is whole; without, a folder
    ///     that has saved steps is an error.
    ///   - style: how progress is shown.
    ///   - isStopWanted: asked after each step; then the run saves and throws
    ///     ``TrainingError/interrupted(step:folder:)``.
    @discardableResult
    public func train(
        resumes: Bool,
        style: Progress.Style = .detected(),
        isStopWanted: () -> Bool = { StopSignals.isStopWanted }
    ) throws -> String {
        var savedStep = resumes ? try restore(style) : nil
        if !resumes, try !folder.savedSteps().isEmpty {
            throw TrainingError.exists(folder: folder.path)
        }
        let log = try RunLog(folder.logPath, after: loop.stepCount)
        let total = loop.options.schedule.stepCount
        let progress = Progress(
            "training",
            total: total,
            done: loop.stepCount,
            unit: "steps",
            style: style
        )
        let clock = ContinuousClock()
        var note = ""
        while !loop.isDone {
            let start = clock.now
            let report = try loop.step()
            try log.write(report.members(seconds: (clock.now - start).seconds))
            if report.isSkipped { progress.say(report.skippedSentence) }
            note = report.note
            progress.advance(to: report.step, note: note)
            if loop.isDone || report.step % options.evaluationInterval == 0 {
                try evaluate(log, progress)
            }
            let stops = !loop.isDone && isStopWanted()
            if loop.isDone || stops || report.step % options.saveInterval == 0 {
                try save()
                savedStep = report.step
            }
            if stops {
                throw TrainingError.interrupted(step: report.step, folder: folder.path)
            }
        }
        if savedStep != loop.stepCount { try save() }
        progress.finish(at: loop.stepCount, note: note)
        return folder.folder(ofStep: loop.stepCount)
    }

    private func restore(_ style: Progress.Style) throws -> Int? {
        try folder.restoreNewest(into: loop, recipe: recipe.identity) {
            if style != .quiet { Progress.writeToStandardError("warning: \($0)\n") }
        }
    }

    private func save() throws {
        try folder.save(loop, recipe: recipe.identity, options: recipe.json, files)
    }

    private func evaluate(_ log: RunLog, _ progress: Progress) throws {
        guard !options.heldOut.isEmpty else { return }
        let report = try loop.loss(of: options.heldOut)
        try log.write(
            [("step", .integer(loop.stepCount))] + report.members(prefix: "held_out_")
        )
        progress.say("step \(loop.stepCount): held out: \(report.summary)")
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

extension LossReport {
    /// The means in words, as `loss 2.310 (text 3.101, image 1.920)`.
    public var summary: String {
        func text(_ value: Double?) -> String {
            guard let value, value.isFinite, abs(value) < 1e12 else { return "none" }
            let thousandths = Int((abs(value) * 1000).rounded())
            let fraction = String(thousandths % 1000)
            let zeros = String(repeating: "0", count: 3 - fraction.count)
            return "\(value < 0 ? "-" : "")\(thousandths / 1000).\(zeros)\(fraction)"
        }
        let parts = Modality.allCases.compactMap { modality in
            sums[modality] == nil ? nil : "\(modality.rawValue) \(text(self[modality]))"
        }
        return "loss \(text(mean)) (\(parts.joined(separator: ", ")))"
    }
}

extension StepReport {
    fileprivate var note: String { loss.summary }

    fileprivate var skippedSentence: String {
        "step \(step): loss or gradients are no numbers; the step is skipped, its documents are in "
            + "the log"
    }
}
