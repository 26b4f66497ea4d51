internal import Basics

/// A recipe with its model and data opened: ready to train, from the start or from a saved step.
package struct ResumableRun {
    package let training: any ResumableTraining
    package let recipe: RecipeHeader
    /// What makes a saved step a model folder.
    package let files: ModelFiles
    /// How many documents of the data were bad and passed over.
    package let badDocumentCount: Int
    /// Evaluates the held-out data; `nil` without any.
    package let evaluation: (() throws -> StepLog)?
    /// What the run will do.
    package let plan: TrainingPlan
    /// Writes the trained model to a folder.
    private let writeModel: (String) throws -> Void

    package init(
        _ training: any ResumableTraining,
        _ recipe: RecipeHeader,
        _ files: ModelFiles,
        plan: TrainingPlan = TrainingPlan(),
        badDocumentCount: Int = 0,
        evaluation: (() throws -> StepLog)? = nil,
        writeModel: @escaping (String) throws -> Void
    ) {
        self.training = training
        self.recipe = recipe
        self.files = files
        self.plan = plan
        self.badDocumentCount = badDocumentCount
        self.evaluation = evaluation
        self.writeModel = writeModel
    }

    /// Trains until all steps are done, and writes the model.
    ///
    /// - Parameters:
    ///   - resuming: whether to continue from the newest undamaged step; otherwise, a folder with
    ///     saved steps is an error.
    ///   - onEvent: takes the events.
    ///   - isStopWanted: asked after each step.
    /// - Returns: the folder of the trained model.
    /// - Throws: ``TrainingError/interrupted(step:folder:)`` once a wanted stop is saved, and what
    ///   a step or a save throws.
    @discardableResult
    package func train(
        resuming: Bool,
        onEvent: TrainingEventHandler = { _ in },
        isStopWanted: () -> Bool = { false }
    ) throws -> String {
        let folder = try RunFolder(recipe.output)
        var savedStep: Int?
        if resuming {
            savedStep = try folder.restoreNewest(into: training, recipe: recipe) {
                onEvent(.warning("warning: \($0)"))
            }
        } else {
            try RunFolder.refuseSteps(in: folder.path)
        }
        let log = try RunLog(
            folder.logPath,
            after: training.steps.count,
            badDocumentCount: badDocumentCount
        )
        onEvent(
            .started(step: training.steps.count, stepCount: training.steps.schedule.stepCount)
        )
        let clock = ContinuousClock()
        while !training.isDone {
            let start = clock.now
            let stepLog = try training.step()
            let seconds = start.duration(to: clock.now) / .seconds(1)
            let step = stepLog.step
            try log.write(stepLog.json, seconds: seconds)
            if stepLog.isSkipped { onEvent(.warning(stepLog.skipped)) }
            onEvent(.step(stepLog))
            if let evaluation, training.isDone || step % recipe.evaluationInterval == 0 {
                let stepLog = try evaluation()
                try log.write(stepLog.json)
                onEvent(.evaluation(stepLog))
            }
            // After a skipped step the next one may differ in a resumed run, so it is not saved.
            guard !stepLog.isSkipped else { continue }
            let stops = !training.isDone && isStopWanted()
            if training.isDone || stops || step % recipe.saveInterval == 0 {
                onEvent(.saved(folder: try folder.save(training, recipe, files)))
                savedStep = step
            }
            if stops { throw TrainingError.interrupted(step: step, folder: folder.path) }
        }
        if savedStep != training.steps.count { try folder.save(training, recipe, files) }
        try writeModel(recipe.modelFolder)
        onEvent(.finished(folder: recipe.modelFolder))
        return recipe.modelFolder
    }
}

extension StepLog {
    fileprivate var skipped: String {
        let place = self.values.contains { $0.key == "documents" }
        return "step \(step): non-finite loss or gradient norm; the step is skipped"
            + (place ? ", and its documents are in the log" : "")
    }
}
