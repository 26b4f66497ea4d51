package import Checkpoints
import Decoders
import Layers

/// What a run need not save: the weights and files of these models, of which what it saves is a
/// delta.
package struct SavedBases: Sendable {
    /// For saved steps; `nil` to save whole folders.
    package var steps: DeltaBases?
    /// For the trained model.
    package var model: DeltaBases?

    package init(steps: DeltaBases? = nil, model: DeltaBases? = nil) {
        self.steps = steps
        self.model = model
    }

    /// What a run saves that starts from a model.
    ///
    /// From a delta, deltas of the same bases. From a whole model of which at least half is frozen,
    /// steps that are deltas of that model: resuming opens it anyway. The trained model is then
    /// whole, so that it needs no folder that a user may remove.
    ///
    /// - Parameters:
    ///   - start: the model.
    ///   - frozenShare: the share of its parameters that are frozen.
    ///   - folder: a folder beside those that are saved.
    /// - Throws: what is wrong with the files of the model.
    package init(
        of start: CheckpointFolder,
        frozenShare: Double,
        seenFrom folder: String
    ) throws {
        if let bases = DeltaBases(of: start, seenFrom: folder) {
            self.init(steps: bases, model: bases)
        } else if frozenShare >= 0.5 {
            self.init(steps: try DeltaBases([start.path], seenFrom: folder))
        } else {
            self.init()
        }
    }
}
