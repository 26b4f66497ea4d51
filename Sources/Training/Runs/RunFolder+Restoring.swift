import Basics
import Checkpoints
import Layers
import Tensors

extension RunFolder {
    /// Restores the newest undamaged step into `training`.
    ///
    /// - Parameters:
    ///   - training: what is resumed.
    ///   - recipe: the recipe that the step must have been trained by.
    ///   - warn: called for each newer step that is damaged, and why.
    /// - Returns: the step, or `nil` if nothing is saved.
    /// - Throws: ``TrainingError/otherRecipe(folder:changes:)``, ``TrainingError/allDamaged(folder:)``, and
    ///   what does not fit in an undamaged step.
    package func restoreNewest(
        into training: any ResumableTraining,
        recipe: RecipeHeader,
        warn: (String) -> Void
    ) throws -> Int? {
        var damaged: [Int] = []
        for step in try savedSteps() {
            let folder = folder(ofStep: step)
            let (started, state): (JSON.Object, JSONReader)
            do {
                (started, state) = try Self.verifiedState(in: folder)
            } catch let error as any UserError {
                warn("\(folder) is skipped: \(error)")
                damaged.append(step)
                continue
            }
            let changes = recipe.changes(since: started)
            guard changes.isEmpty else {
                throw TrainingError.otherRecipe(folder: path, changes: changes)
            }
            try Self.load(training.modelTensors, from: CheckpointFolder(folder))
            try Self.load(
                training.optimizerState,
                from: SafetensorsFile(folder + "/" + FileName.optimizer)
            )
            try training.resume(at: try state.nested("counters"))
            // Under their names they would be newer than the steps that follow now.
            for step in damaged { try setAside(step) }
            return step
        }
        if !damaged.isEmpty { throw TrainingError.allDamaged(folder: path) }
        return nil
    }

    /// The recipe of a saved step and the state of its run.
    private static func verifiedState(
        in folder: String
    ) throws -> (recipe: JSON.Object, state: JSONReader) {
        let manifestPath = folder + "/" + Manifest.fileName
        let manifest = try Manifest(json(at: manifestPath), source: manifestPath)
        try manifest.verify(folder)
        let statePath = folder + "/" + FileName.state
        let reader = try JSONReader(json(at: statePath), source: statePath)
        let version = try reader.integer("format_version")
        guard version == 1 else {
            throw reader.failure("format_version", "\(version) is not known; 1 is expected")
        }
        return (manifest.options, reader)
    }

    private static func json(at path: String) throws -> JSON {
        let file = try MappedFile(path)
        do {
            return try file.json()
        } catch {
            throw TrainingError.state(file: path, problem: "\(error)")
        }
    }

    /// Overwrites tensors by those of a file or folder, which must have the same names and shapes.
    private static func load(
        _ tensors: [(name: String, tensor: Tensor)],
        from file: some WeightSource
    ) throws {
        let path = file.path
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
