internal import Basics
internal import Tensors
public import Training

/// The training of a language model, an image tokenizer or a CLIP model by a recipe.
///
/// ```swift
/// let run = try TrainingRun(recipe: "recipe.yaml", overrides: ["schedule.steps=100"])
/// for try await event in run.start(resuming: true) {
///     if case .step(let log) = event { print(log.step, log["loss"] ?? .nan) }
/// }
/// ```
///
/// Recipes are described in `docs/recipes.md`. A run has a thread of its own, on which all of its
/// work is done in order.
public actor TrainingRun {
    private let thread = ModelThread(name: "jam.training")
    private let recipe: any Recipe
    private let threads: Int?
    private var opened: ResumableRun?

    /// The run's thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        thread.asUnownedSerialExecutor()
    }

    /// Reads and checks a recipe; its model and data are opened later.
    ///
    /// - Parameters:
    ///   - recipe: a YAML file. Paths in it are relative to the working directory.
    ///   - overrides: changes of the recipe, as `schedule.learning_rate=3e-4`.
    ///   - kind: what the recipe trains; `nil` to find out by its keys.
    ///   - threads: the threads of one operation, 1 to 1024; `nil` leaves the number as it is, at
    ///     first one per core. Results repeat bit for bit only with the same number.
    /// - Throws: `JamError` if the recipe is missing, malformed, or has an unknown key or value.
    public init(
        recipe: String,
        overrides: [String] = [],
        kind: RecipeKind? = nil,
        threads: Int? = nil
    ) throws {
        self.recipe = try withJamErrors {
            try readRecipe(contentsOf: recipe, overrides: overrides, kind: kind)
        }
        self.threads = threads
    }

    /// The folder of the trained model.
    public nonisolated var modelFolder: String { recipe.header.modelFolder }

    /// What the run will do: its steps, the weights with their hyperparameters, the data, and for
    /// language models the first example with its loss weights.
    ///
    /// - Parameter onEvent: takes the events of opening the model and the data.
    /// - Returns: a page of text.
    /// - Throws: `JamError` if the model or the data cannot be opened, or do not fit each other.
    public func plan(
        onEvent: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
    ) throws -> String {
        try withTrainingErrors {
            let run = try open(onEvent)
            opened = run
            return run.plan.description
        }
    }

    /// Trains until all steps are done.
    ///
    /// Training begins with the iteration. Cancelling the task that iterates, or leaving the
    /// iteration, saves the run and ends it within one step. The events of a cancelled task
    /// continue until the run is saved; then the iteration throws a `JamError` of the kind
    /// `ErrorKind.interrupted`. A resumed run gives the same bits as one that was never
    /// interrupted.
    ///
    /// - Parameter resuming: whether to continue from the newest saved step, if there is one;
    ///   otherwise, a folder with saved steps is an error.
    /// - Returns: the events, the last one `TrainingEvent.finished`. Iterating throws
    ///   `JamError`.
    public nonisolated func start(resuming: Bool = false) -> TrainingEvents {
        TrainingEvents { onEvent in try await self.train(resuming: resuming, onEvent: onEvent) }
    }

    private func train(
        resuming: Bool,
        onEvent: @escaping @Sendable (TrainingEvent) -> Void
    ) throws {
        try withTrainingErrors {
            if !resuming { try RunFolder.refuseSteps(in: recipe.header.output) }
            let run = try open(onEvent)
            try run.train(
                resuming: resuming,
                onEvent: onEvent,
                isStopWanted: { Task.isCancelled }
            )
        }
    }

    /// Opens the model and the data, or takes those that are opened and not trained yet.
    private func open(_ onEvent: @escaping TrainingEventHandler) throws -> ResumableRun {
        if let run = opened.take() { return run }
        try Engine.start(threads: threads)
        return try recipe.open(onEvent: onEvent)
    }
}

private func withTrainingErrors<Result>(_ body: () throws -> Result) throws -> Result {
    try withJamErrors {
        do {
            return try body()
        } catch is CancellationError {
            throw TrainingError.interruptedWhileReading
        }
    }
}
