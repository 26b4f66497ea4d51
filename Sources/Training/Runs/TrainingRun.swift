package import Basics

/// What a run does between its steps.
package struct RunOptions: Sendable, Equatable {
    /// After how many steps the run is saved; it is always saved at its end.
    package var saveInterval: Int
    /// After how many steps the training is evaluated, and at the end.
    package var evaluationInterval: Int

    /// Sets the options.
    package init(
        saveInterval: Int,
        evaluationInterval: Int = .max
    ) {
        precondition(saveInterval > 0 && evaluationInterval > 0)
        self.saveInterval = saveInterval
        self.evaluationInterval = evaluationInterval
    }
}

/// A training run from its start, or from its newest saved step, to its end.
package struct TrainingRun<Training: ResumableTraining> {
    /// What goes on step by step.
    package let training: Training
    /// Where the run is kept.
    package let folder: RunFolder
    /// What is done between the steps.
    package let options: RunOptions
    /// What identifies the run, and how the manifest states it.
    package let recipe: (identity: String, json: JSON.Object)
    /// What makes a saved step a model folder.
    package let files: ModelFiles
    /// Measures what is not learned from; `nil` where nothing is.
    package let evaluation: (() throws -> StepLog)?

    /// Puts a run together.
    package init(
        _ training: Training,
        in folder: RunFolder,
        _ options: RunOptions,
        recipe: (identity: String, json: JSON.Object),
        _ files: ModelFiles,
        evaluation: (() throws -> StepLog)? = nil
    ) {
        self.training = training
        self.folder = folder
        self.options = options
        self.recipe = recipe
        self.files = files
        self.evaluation = evaluation
    }

    /// Trains until all steps are done.
    ///
    /// - Parameters:
    ///   - resumes: whether to go on from the newest saved step that is whole; without, a folder
    ///     that has saved steps is an error.
    ///   - onProgress: takes the progress.
    ///   - isStopWanted: asked after each step.
    /// - Returns: the folder of the last saved step.
    /// - Throws: ``TrainingError/interrupted(step:folder:)`` once a wanted stop is saved, and what
    ///   a step or a save throws.
    @discardableResult
    package func train(
        resumes: Bool,
        onProgress: @escaping ProgressHandler = { _ in },
        isStopWanted: () -> Bool = { false }
    ) throws -> String {
        var savedStep = resumes ? try restore(onProgress) : nil
        if !resumes, try !folder.savedSteps().isEmpty {
            throw TrainingError.exists(folder: folder.path)
        }
        let log = try RunLog(folder.logPath, after: training.stepCount)
        let progress = Progress(
            "training",
            total: training.totalStepCount,
            done: training.stepCount,
            unit: "steps",
            to: onProgress
        )
        let clock = ContinuousClock()
        var note = ""
        while !training.isDone {
            let start = clock.now
            let stepLog = try training.takeStep()
            let step = training.stepCount
            let seconds = (clock.now - start).seconds
            try log.write(stepLog.members + [("seconds", .number(seconds))])
            if let reason = stepLog.skipReason { progress.say(reason) }
            note = stepLog.note
            progress.advance(to: step, note: note)
            if training.isDone || step % options.evaluationInterval == 0 {
                try evaluate(log, progress)
            }
            let stops = !training.isDone && isStopWanted()
            let isSound = stepLog.skipReason == nil
            if isSound, training.isDone || stops || step % options.saveInterval == 0 {
                try save()
                savedStep = step
            }
            if stops, isSound { throw TrainingError.interrupted(step: step, folder: folder.path) }
        }
        if savedStep != training.stepCount { try save() }
        progress.finish(at: training.stepCount, note: note)
        return folder.folder(ofStep: training.stepCount)
    }

    private func restore(_ onProgress: ProgressHandler) throws -> Int? {
        try folder.restoreNewest(into: training, recipe: recipe.identity) {
            onProgress(.said("warning: \($0)"))
        }
    }

    private func save() throws {
        try folder.save(training, recipe: recipe.identity, options: recipe.json, files)
    }

    private func evaluate(_ log: RunLog, _ progress: Progress) throws {
        guard let stepLog = try evaluation?() else { return }
        try log.write([("step", .integer(training.stepCount))] + stepLog.members)
        progress.say("step \(training.stepCount): \(stepLog.note)")
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
