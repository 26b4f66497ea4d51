package import Basics

/// Why a training run cannot start, or stops before its last step.
package enum TrainingError: UserError, Equatable {
    /// The loss or the gradient norm was not finite for several steps in a row.
    case diverged(step: Int, count: Int)
    /// The run was asked to stop, and saved.
    case interrupted(step: Int, folder: String)
    /// The run was asked to stop while it read its data.
    case interruptedWhileReading
    /// A stop was asked for between two runs.
    case stopped(after: String)
    /// Another run works in the folder.
    case locked(folder: String)
    /// The run in the folder has another recipe.
    case otherRecipe(folder: String, changes: [String])
    /// The folder has a run already.
    case exists(folder: String)
    /// The vocabularies of model and tokenizer differ.
    case vocabulary(model: Int, tokenizer: Int)
    /// A weight of the model that is trained further has an infinity or NaN.
    case notFinite(name: String, folder: String)
    /// All saved steps are damaged.
    case allDamaged(folder: String)
    /// A file of a saved step is malformed.
    case state(file: String, problem: String)

    /// How many changes of a recipe are named.
    private static let shownChanges = 5

    package var kind: ErrorKind {
        switch self {
        case .diverged: .internalFailure
        case .interrupted, .interruptedWhileReading, .stopped, .locked: .interrupted
        case .otherRecipe, .vocabulary: .invalidConfiguration
        case .exists: .cannotCreate
        case .state, .allDamaged, .notFinite: .malformedInput
        }
    }

    /// What happened and what to do.
    package var description: String {
        switch self {
        case .diverged(let step, let count):
            "step \(step): the loss or the gradient norm was not finite \(count) times in a row; "
                + "start a new run with a lower learning rate, perhaps from an earlier step: "
                + "model: {from: …/step-N}"
        case .interrupted(let step, let folder):
            "interrupted after step \(step), which is saved in \(folder); it can be resumed"
        case .interruptedWhileReading: "interrupted while reading the data; nothing was written"
        case .stopped(let name): "stopped after \(name); the same command continues"
        case .locked(let folder): "\(folder): another run works there"
        case .otherRecipe(let folder, let changes):
            "\(folder): the run there has another recipe: "
                + changes.prefix(Self.shownChanges).joined(separator: ", ")
                + (changes.count > Self.shownChanges
                    ? ", and \(changes.count - Self.shownChanges) more" : "")
                + "; resume it with the recipe that it was started with, or name another output"
        case .exists(let folder):
            "\(folder): has a run already; resume it, or name another output"
        case .vocabulary(let model, let tokenizer):
            "the model has \(model) token embeddings, the tokenizer \(tokenizer) tokens; a model "
                + "needs an embedding for each token"
        case .notFinite(let name, let folder):
            "\(folder): the weight \"\(name)\" has values that are not finite (NaN or infinity); "
                + "take an undamaged copy of the model"
        case .allDamaged(let folder):
            "\(folder): all saved steps are damaged; remove the folder to start over"
        case .state(let file, let problem): "\(file): \(problem)"
        }
    }
}
