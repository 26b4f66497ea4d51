package import Basics

/// Why a training run stops before its last step.
package enum TrainingError: UserError, Equatable {
    /// Loss or gradients were no numbers for several steps in a row.
    case diverged(step: Int, count: Int)
    /// A signal asked the run to stop, and it saved.
    case interrupted(step: Int, folder: String)
    /// A signal asked for an end between two runs.
    case stopped(after: String)
    /// Another run works in the folder.
    case locked(folder: String)
    /// The run in the folder was made by another recipe.
    case otherRecipe(folder: String)
    /// The folder holds a run already.
    case exists(folder: String)
    /// The vocabularies of model and tokenizer differ.
    case vocabulary(model: Int, tokenizer: Int)
    /// No saved step is whole.
    case allDamaged(folder: String)
    /// A saved step is not what it should be.
    case state(file: String, problem: String)

    package var kind: ErrorKind {
        switch self {
        case .diverged: .internalFailure
        case .interrupted, .stopped, .locked: .interrupted
        case .otherRecipe, .vocabulary: .invalidConfiguration
        case .exists: .cannotCreate
        case .state, .allDamaged: .malformedInput
        }
    }

    /// What happened and what to do.
    package var description: String {
        switch self {
        case .diverged(let step, let count):
            "step \(step): loss or gradients were no numbers \(count) times in a row; begin a new "
                + "run with a lower rate, perhaps from an earlier step: model: {from: …/step-N}"
        case .interrupted(let step, let folder):
            "interrupted after step \(step), which is saved in \(folder); resume with --resume"
        case .stopped(let name): "stopped after \(name); the same command goes on"
        case .locked(let folder): "\(folder): another run is at work there"
        case .otherRecipe(let folder):
            "\(folder): the run there was begun with another recipe; resume with that one, or "
                + "name another output"
        case .exists(let folder):
            "\(folder): holds a run already; resume it with --resume, or name another output"
        case .vocabulary(let model, let tokenizer):
            "the model has \(model) rows of vocabulary, the tokenizer \(tokenizer) tokens; a model "
                + "needs a row for each token"
        case .allDamaged(let folder):
            "\(folder): every saved step is damaged; remove the folder to begin anew"
        case .state(let file, let problem): "\(file): \(problem)"
        }
    }
}
