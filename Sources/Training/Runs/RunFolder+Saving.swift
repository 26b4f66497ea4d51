internal import Basics
import Checkpoints
import Layers
import Tensors

extension RunFolder {
    /// The names of the files of a saved step that belong to the run, not to the model.
    enum FileName {
        static let optimizer = "optimizer.safetensors"
        static let state = "state.json"
    }

    /// Saves a training as a model folder with all that resuming it needs.
    ///
    /// The folder gets its name once every file is on the disk, the manifest last; then older steps
    /// are removed.
    ///
    /// - Returns: the folder of the step.
    /// - Throws: `FileError` if the disk is full or fails; the steps saved before stay.
    @discardableResult
    package func save(
        _ training: any ResumableTraining,
        _ recipe: RecipeHeader,
        _ files: ModelFiles
    ) throws -> String {
        let target = folder(ofStep: training.steps.count)
        let output = try OutputFolder(at: target, replacing: true)
        let tensors = training.modelTensors + training.optimizerState
        try output.need(tensors.reduce(0) { $0 + $1.tensor.count * 4 })

        try Self.write(training.optimizerState, to: output.file(FileName.optimizer))
        let state: JSON = [
            "format_version": 1, "counters": .object(training.counters),
        ]
        try AtomicFile.write(state.text(.indented) + "\n", to: output.file(FileName.state))
        try files.writeStep(
            training.modelTensors,
            to: output.path,
            beside: [FileName.optimizer, FileName.state],
            options: recipe.json
        )
        try output.commit()
        try prune()
        return target
    }

    /// Writes tensors of 32-bit floats to a file.
    static func write(_ tensors: [(name: String, tensor: Tensor)], to path: String) throws {
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
