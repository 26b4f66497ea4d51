import Basics
import Checkpoints

/// Carries out a plan: writes the fused checkpoint folder, which appears only when it is complete.
///
/// Weights pass by in small buffers, on all cores, and are added up in 32-bit floats; memory does
/// not grow with the model.
package struct FusionExecutor: Sendable {
    private let plan: FusionPlan
    private let parents: Parents
    private let jamVersion: String

    /// How far a fusion is.
    package struct Progress: Sendable, Equatable {
        /// The bytes of weights written so far and, where they are verified, those read again.
        package let byteCount: Int
        /// What ``byteCount`` comes to.
        package let total: Int
    }

    /// Prepares the execution of `plan`, which must have been made of `parents`.
    ///
    /// - Parameters:
    ///   - plan: what to do.
    ///   - parents: the two checkpoints.
    ///   - jamVersion: noted in the manifest.
    package init(_ plan: FusionPlan, of parents: Parents, jamVersion: String) {
        self.plan = plan
        self.parents = parents
        self.jamVersion = jamVersion
    }

    /// Writes the folder `output`.
    ///
    /// The space is checked before anything is written. An error, also one that `progress` throws
    /// to interrupt the work, leaves nothing behind.
    ///
    /// - Parameters:
    ///   - output: the folder to make; its parent folder must be there.
    ///   - replacing: whether a folder that is there already may be replaced.
    ///   - verifying: whether all is brought to the disk, read again and compared with weights made
    ///     a second time, and the digests of weights noted in the manifest.
    ///   - progress: called now and then, on the calling thread.
    /// - Throws: `FileError` where the folder cannot be written or read again, `FusionError` where
    ///   a number does not fit the type of the output, and what `progress` throws.
    package func run(
        to output: String,
        replacing: Bool = false,
        verifying: Bool = false,
        progress: (Progress) throws -> Void = { _ in }
    ) throws {
        let folder = try OutputFolder(at: output, replacing: replacing)
        let copies = try CopiedFiles(of: parents)
        let layout = plan.layout
        try folder.need(layout.byteCount + copies.byteCount)

        let weights = try TensorMakers(plan, of: parents)
        let writer = try ShardedWriter(in: folder.path, layout: layout)
        let total = layout.byteCount * (verifying ? 2 : 1)
        try writer.write(weights.make) { try progress(Progress(byteCount: $0, total: total)) }
        try copies.write(to: folder.path)
        let config = JSON.object(plan.config).text(.indented) + "\n"
        try folder.write(config, to: CheckpointFolder.FileName.config)
        try folder.write(ModelCard(plan).text, to: ModelCard.fileName)
        let fused = try opened(folder.path)
        if verifying {
            try folder.synchronize()
            try writer.verify(weights.make) {
                try progress(Progress(byteCount: layout.byteCount + $0, total: total))
            }
        }
        let manifest = try self.manifest(of: fused, copies, digestsOfWeights: verifying)
        try folder.write(manifest.json.text(.indented) + "\n", to: Manifest.fileName)
        // What replaces a folder may not be lost with it.
        try folder.commit(toDisk: verifying || replacing)
    }

    /// Opens what was written, as a reader would, and compares its headers with the plan.
    private func opened(_ folder: String) throws -> CheckpointFolder {
        let fused = try CheckpointFolder(folder)
        for tensor in plan.tensors where fused.entry(tensor.spec.name) != tensor.entry {
            throw FusionError.inconsistent(name: tensor.spec.name, problem: "was not written")
        }
        guard fused.names.count == plan.tensors.count else {
            throw FusionError.inconsistent(name: folder, problem: "has too many weights")
        }
        return fused
    }

    private func manifest(
        of fused: CheckpointFolder,
        _ copies: CopiedFiles,
        digestsOfWeights: Bool
    ) throws -> Manifest {
        let (text, image) = (parents.text, parents.image)
        let digests = try FileDigests(
            [
                (text.folder.path, text.folder.usedFiles),
                (image.folder.path, image.folder.usedFiles),
                (fused.path, fused.usedFiles + copies.names + [ModelCard.fileName]),
            ],
            ofWeights: digestsOfWeights
        )
        var options = plan.recipe.options
        options["dtype"] = .string(plan.format.elementType.rawValue)
        return Manifest(
            jamVersion: jamVersion,
            command: "fuse",
            method: plan.recipe.method.name,
            options: options,
            inputs: [
                Manifest.Input(name: text.name, files: digests.files(of: 0)),
                Manifest.Input(name: image.name, files: digests.files(of: 1)),
            ],
            files: digests.files(of: 2)
        )
    }
}

extension CheckpointFolder {
    /// The files that make the model: config, weights, and their index where there is one.
    fileprivate var usedFiles: [String] {
        let index = weightFiles.count > 1 ? [FileName.index] : []
        return [FileName.config] + index + weightFiles
    }
}
