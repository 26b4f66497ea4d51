import Basics
import Checkpoints
import Layers
import Tensors

extension RunFolder {
    /// Brings `training` to the newest saved step that is whole.
    ///
    /// - Parameters:
    ///   - training: what goes on.
    ///   - recipe: what identifies the run; a step of another one is an error.
    ///   - warn: told about each newer step that is damaged, and why.
    /// - Returns: the step, or `nil` if nothing is saved.
    /// - Throws: ``TrainingError/otherRecipe(folder:)``, ``TrainingError/allDamaged(folder:)``, or what
    ///   of a whole step does not fit.
    package func restoreNewest(
        into training: some ResumableTraining,
        recipe: String,
        warn: (String) -> Void
    ) throws -> Int? {
        var damaged: [Int] = []
        for step in try savedSteps() {
            let folder = folder(ofStep: step)
            let state: JSONReader
            do {
                state = try Self.verifiedState(in: folder)
            } catch let error as any UserError {
                warn("\(folder) is passed over: \(error)")
                damaged.append(step)
                continue
            }
            guard try state.string("recipe") == recipe else {
                throw TrainingError.otherRecipe(folder: path)
            }
            try Self.load(
                training.modelTensors,
                from: folder + "/" + CheckpointFolder.FileName.weights
            )
            try Self.load(training.optimizerState, from: folder + "/" + FileName.optimizer)
            try training.resume(at: try state.nested("counters"))
            // Kept under their names they would count as the newest steps and outlive new ones.
            for step in damaged { try setAside(step) }
            return step
        }
        if !damaged.isEmpty { throw TrainingError.allDamaged(folder: path) }
        return nil
    }

    private static func verifiedState(in folder: String) throws -> JSONReader {
        let manifestPath = folder + "/" + Manifest.fileName
        let manifest = try Manifest(json(at: manifestPath), source: manifestPath)
        try manifest.verify(folder)
        let statePath = folder + "/" + FileName.state
        let reader = try JSONReader(json(at: statePath), source: statePath)
        let version = try reader.integer("format_version")
        guard version == 1 else {
            throw reader.failure("format_version", "\(version) is not known; 1 is")
        }
        return reader
    }

    private static func json(at path: String) throws -> JSON {
        let file = try MappedFile(path)
        do {
            return try file.json()
        } catch {
            throw TrainingError.state(file: path, problem: "\(error)")
        }
    }

    /// Overwrites tensors with those of a file, which must be just these.
    private static func load(_ tensors: [(name: String, tensor: Tensor)], from path: String) throws
    {
        let file = try SafetensorsFile(path)
        let expected = Set(tensors.map(\.name))
        if let extra = file.names.first(where: { !expected.contains($0) }) {
            throw TrainingError.state(file: path, problem: "the model has no weight \"\(extra)\"")
        }
        for (name, tensor) in tensors {
            guard let entry = file.entry(name) else {
                throw TrainingError.state(file: path, problem: "\"\(name)\" is missing")
            }
            guard entry.shape == tensor.shape, entry.elementType == .float32 else {
                throw TrainingError.state(
                    file: path,
                    problem: "\"\(name)\" is \(entry.elementType.rawValue) \(entry.shape); "
                        + "F32 \(tensor.shape) is expected"
                )
            }
            try file.withBytes(of: name) { bytes in
                try withTorchErrors {
                    tensor.copy(from: Tensor(bytes: bytes, entry.shape, .float32))
                }
            }
        }
    }
}
