package import Basics
import Checkpoints
import Layers
import Tensors

extension RunFolder {
    /// The names of the files of a saved step that belong to the run, not to the model.
    enum FileName {
        static let optimizer = "optimizer.safetensors"
        static let state = "state.json"
    }

    /// Saves where `training` stands.
    ///
    /// Every file is written and brought to the disk, the manifest last, and then the folder gets
    /// its name; after that, older steps are removed.
    /// - Parameters:
    ///   - training: what is saved.
    ///   - recipe: what identifies the run; only the same can resume it.
    ///   - options: the recipe as the manifest states it.
    ///   - files: what makes the step a model folder.
    /// - Returns: the folder of the step.
    /// - Throws: `FileError` if the disk is full or fails; the steps saved before stay.
    @discardableResult
    package func save(
        _ training: some ResumableTraining,
        recipe: String,
        options: JSON.Object,
        _ files: ModelFiles
    ) throws -> String {
        let target = folder(ofStep: training.stepCount)
        let output = try OutputFolder(at: target, replacing: true)
        let tensors = training.modelTensors + training.optimizerState
        try output.need(tensors.reduce(0) { $0 + $1.tensor.count * 4 })

        try Self.write(training.modelTensors, to: output.file(CheckpointFolder.FileName.weights))
        try Self.write(training.optimizerState, to: output.file(FileName.optimizer))
        let state: JSON = [
            "format_version": 1, "recipe": .string(recipe), "counters": .object(training.counters),
        ]
        try AtomicFile.write(state.text(.indented) + "\n", to: output.file(FileName.state))
        let names = [CheckpointFolder.FileName.weights, FileName.optimizer, FileName.state]
        try files.write(to: output.path, beside: names, options: options)
        try output.commit()
        try prune()
        return target
    }

    private static func write(_ tensors: [(name: String, tensor: Tensor)], to path: String) throws {
        let entries = tensors.map {
            WeightEntry(name: $0.name, elementType: .float32, shape: $0.tensor.shape)
        }
        var writer = try SafetensorsWriter(path, entries: entries)
        for (name, tensor) in tensors {
            let bytes = try withTorchErrors { try tensor.bytes() }
            try bytes.withUnsafeBytes { try writer.write($0, to: name) }
        }
        try writer.finish()
    }
}
