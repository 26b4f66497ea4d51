public import Basics
import Checkpoints
import Layers
import Tensors

/// What a saved step holds besides weights, so that it is a whole model folder.
public struct ModelFiles: Sendable {
    /// The content of `config.json`.
    public var config: JSON
    /// The content of other text files by name, as `tokenizer.json`.
    public var texts: [String: String]
    /// The version of jam, for the manifest.
    public var jamVersion: String

    /// Sets the files.
    public init(config: JSON, texts: [String: String], jamVersion: String) {
        self.config = config
        self.texts = texts
        self.jamVersion = jamVersion
    }
}

extension RunFolder {
    /// The names of the files of a saved step that belong to the run, not to the model.
    enum FileName {
        static let optimizer = "optimizer.safetensors"
        static let state = "state.json"
    }

    /// Saves where `loop` stands.
    ///
    /// Every file is written and brought to the disk, the manifest last, and then the folder gets
    /// its name; after that, older steps are removed.
    /// - Parameters:
    ///   - recipe: what identifies the run; only the same can resume it.
    ///   - options: the recipe as the manifest states it.
    /// - Returns: the folder of the step.
    @discardableResult
    public func save(
        _ loop: TrainingLoop,
        recipe: String,
        options: JSON.Object,
        _ files: ModelFiles
    ) throws -> String {
        let target = folder(ofStep: loop.stepCount)
        let output = try OutputFolder(at: target, replacing: true)
        let parameters = loop.optimizer.parameters
        let modelBytes = parameters.reduce(0) { $0 + $1.spec.count * 4 }
        try output.need(3 * modelBytes)

        let weights = parameters.map { ($0.spec.name, $0.tensor) }
        try Self.write(weights, to: output.file(CheckpointFolder.FileName.weights))
        try Self.write(loop.optimizer.namedMoments, to: output.file(FileName.optimizer))
        var texts = files.texts
        texts[CheckpointFolder.FileName.config] = files.config.text(.indented) + "\n"
        texts[FileName.state] = loop.state(recipe: recipe).json.text(.indented) + "\n"
        for (name, text) in texts { try AtomicFile.write(text, to: output.file(name)) }

        let names = [CheckpointFolder.FileName.weights, FileName.optimizer] + texts.keys.sorted()
        let manifest = Manifest(
            jamVersion: files.jamVersion,
            command: "train",
            method: "train",
            options: options,
            inputs: [],
            files: try Manifest.describe(names, in: output.path)
        )
        try manifest.write(to: output.path)
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
            let bytes = try withTorchErrors { tensor.bytes() }
            try bytes.withUnsafeBytes { try writer.write($0, to: name) }
        }
        try writer.finish()
    }
}

extension TrainingLoop {
    /// Where the loop stands, but for weights and moments.
    func state(recipe: String) -> RunState {
        RunState(
            step: stepCount,
            updates: optimizer.updateCount,
            skipped: skippedCount,
            tokens: tokenCount,
            position: position,
            recipe: recipe
        )
    }
}

extension Optimizer {
    /// The moments of all weights that move, as `first.<weight>` and `second.<weight>`.
    var namedMoments: [(name: String, tensor: Tensor)] {
        movingIndices.flatMap { index -> [(name: String, tensor: Tensor)] in
            let name = parameters[index].spec.name
            guard let first = first[index], let second = second[index] else { return [] }
            return [("first." + name, first), ("second." + name, second)]
        }
    }
}
