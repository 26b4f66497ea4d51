import Basics

/// A model, ready to be written as a delta.
package struct DeltaExport: Sendable {
    private let model: CheckpointFolder
    private let files: SideFiles
    private let plan: DeltaPlan

    /// Where the bytes come from.
    package var shares: DeltaShares { plan.shares }

    /// Compares a model with its bases.
    ///
    /// - Parameters:
    ///   - path: the folder of the model.
    ///   - bases: what may be left out.
    ///   - storage: the type of the values that are stored.
    ///   - progress: called with the bytes of weights compared so far; an error that it throws ends
    ///     the work.
    /// - Throws: what is wrong with the folder.
    package init(
        _ path: String,
        bases: DeltaBases,
        storage: DeltaStorage = .same,
        progress: (Int) throws -> Void = { _ in }
    ) throws {
        model = try CheckpointFolder(path)
        files = try SideFiles(of: path)
        plan = try DeltaPlan(
            of: model,
            files: files.files,
            bases: bases,
            storage: storage,
            progress: progress
        )
    }

    /// Writes the delta, which appears only when it is complete and was compared with the model.
    ///
    /// - Parameters:
    ///   - output: the folder to make; its parent folder must exist.
    ///   - progress: called with the bytes of weights compared so far; an error that it throws ends
    ///     the work.
    /// - Throws: `FileError` where the folder cannot be written, `WeightError` for a value that the
    ///   type of the stored values cannot hold.
    package func write(to output: String, progress: (Int) throws -> Void = { _ in }) throws {
        let folder = try OutputFolder(at: output)
        try folder.need(shares.storedByteCount)
        try plan.write(into: folder.path)
        let config = CheckpointFolder.FileName.config
        if let file = try model.file(config) {
            let copy = try AtomicFile(folder.file(config))
            try copy.write(contentsOf: file)
            try copy.commit(toDisk: false)
        }
        let made = plan.madeNames
        try files.write(to: folder.path) { !made.contains($0) }
        try plan.check(folder.path, progress: progress)
        let others = files.files.map(\.name).filter { !made.contains($0) }
        try manifest(of: [config] + DeltaPlan.fileNames + others, in: folder.path)
            .write(to: folder.path)
        try folder.commit()
    }

    /// How the model was made, with the files of the delta.
    private func manifest(of names: [String], in folder: String) throws -> Manifest {
        let files = try Manifest.describe(names, in: folder)
        let bases = plan.description.bases.map { Manifest.Input(name: $0.name, files: $0.files) }
        guard let original = try model.manifest() else {
            return Manifest(
                command: "delta",
                method: "delta",
                options: ["dtype": .string(plan.storage.rawValue)],
                inputs: bases,
                files: files
            )
        }
        let known = Set(original.inputs.map(\.name))
        return Manifest(
            command: original.command,
            method: original.method,
            options: original.options,
            inputs: original.inputs + bases.filter { !known.contains($0.name) },
            files: files
        )
    }
}
