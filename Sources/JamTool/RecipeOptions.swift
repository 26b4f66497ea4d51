import ArgumentParser
import Basics
import Jam
import Synchronization
import ToolSupport

/// The options of every training.
struct RecipeOptions: ParsableArguments {
    @Argument(help: "A recipe: a YAML file.")
    var recipe: String

    @Option(help: "Change the recipe, as schedule.learning_rate=3e-4; may be repeated.")
    var set: [String] = []

    @Flag(help: "Continue from the newest saved step.")
    var resume = false

    /// Prints what a run will do.
    func printPlan(_ kind: RecipeKind, _ engine: EngineOptions) async throws {
        try await withFlags {
            let run = try open(kind, engine)
            let (events, continuation) = AsyncStream.makeStream(of: TrainingEvent.self)
            let shown = Task {
                let show = TrainingEvent.showing(ProgressBar.handler())
                for await event in events { show(event) }
            }
            let plan = try await run.plan { continuation.yield($0) }
            continuation.finish()
            await shown.value
            Console.print(plan)
        }
    }

    /// Trains and shows the progress; a signal saves the run and ends it.
    ///
    /// - Parameters:
    ///   - kind: what the recipe trains.
    ///   - engine: the options of the engine.
    ///   - next: a command that uses the trained model.
    /// - Throws: what is wrong with the recipe or its data, and the interruption.
    func train(
        _ kind: RecipeKind,
        _ engine: EngineOptions,
        next: @escaping @Sendable (String) -> String
    ) async throws {
        try await withFlags {
            let run = try open(kind, engine)
            try await StopSignals.cancelling { [resume] in
                let show = TrainingEvent.showing(ProgressBar.handler())
                for try await event in run.start(resuming: resume) {
                    if case .started(step: 0, _) = event, resume {
                        Console.report("nothing is saved yet, so it starts at step 1")
                    }
                    show(event)
                    guard case .finished(let folder) = event else { continue }
                    Console.report("wrote \(folder); next: \(next(folder))")
                }
            }
        }
    }

    private func open(_ kind: RecipeKind, _ engine: EngineOptions) throws -> TrainingRun {
        let run = try TrainingRun(
            recipe: recipe,
            overrides: set,
            kind: kind,
            threads: engine.threads
        )
        try engine.start()
        Self.runs.withLock { $0.append(run) }
        return run
    }

    /// The runs live until the process ends: the end of their threads, which destroys libtorch's
    /// thread-local state, must not coincide with the end of the process.
    private static let runs = Mutex<[TrainingRun]>([])

    /// Names the flags in errors that these options can mend.
    private func withFlags(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as JamError {
            let userError = error.underlying
            let line = userError.line
            let description: String
            switch userError as? TrainingError {
            case .interrupted(let step, let folder):
                description =
                    "interrupted after step \(step), which is saved in \(folder); "
                    + "resume with --resume"
            case .exists(let folder):
                description =
                    "\(folder): has a run already; resume it with --resume, or name another output"
            default:
                let isOverride = set.contains { line.hasPrefix("\($0): ") }
                description = isOverride ? "--set \(line)" : line
            }
            throw ErrorWithFlags(kind: userError.kind, description: description)
        }
    }
}

private struct ErrorWithFlags: UserError {
    let kind: ErrorKind
    let description: String
}
