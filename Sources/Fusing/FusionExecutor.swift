import Basics
import Checkpoints

/// Carries out a plan: writes the fused checkpoint folder, which appears only when it is complete.
///
/// Weights are read, fused in 32-bit floats and written one at a time; no more memory is used than
/// the largest fused weight takes, and a few megabytes.
public struct FusionExecutor: Sendable {
    private let plan: FusionPlan
    private let parents: Parents
    private let jamVersion: String

    /// How far a fusion is.
    public struct Progress: Sendable, Equatable {
        /// The bytes of weights written so far.
        public let byteCount: Int
        /// The bytes of all weights.
        public let total: Int
        /// The weight that was written last.
        public let name: String
    }

    /// Prepares the execution of `plan`, which must have been made of `parents`.
    ///
    /// - Parameters:
    ///   - plan: what to do.
    ///   - parents: the two checkpoints.
    ///   - jamVersion: noted in the manifest.
    public init(_ plan: FusionPlan, of parents: Parents, jamVersion: String) {
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
    ///   - progress: called after each weight.
    /// - Throws: `FileError` where the folder cannot be written, `FusionError` where a number does
    ///   not fit the type of the output, and what `progress` throws.
    public func run(
        to output: String,
        replacing: Bool = false,
        progress: (Progress) throws -> Void = { _ in }
    ) throws {
        let folder = try OutputFolder(at: output, replacing: replacing)
        let copies = try CopiedFiles(of: parents)
        let layout = plan.layout
        try folder.need(layout.byteCount + copies.byteCount)

        try writeWeights(to: folder.path, layout, progress)
        try copies.write(to: folder.path)
        try AtomicFile.write(
            JSON.object(plan.config).text(.indented) + "\n",
            to: folder.file(CheckpointFolder.FileName.config)
        )
        try AtomicFile.write(ModelCard(plan).text, to: folder.file(ModelCard.fileName))
        let fused = try verify(folder.path)
        try manifest(of: fused, copies).write(to: folder.path)
        try folder.commit()
    }

    private func writeWeights(
        to folder: String,
        _ layout: ShardLayout,
        _ progress: (Progress) throws -> Void
    ) throws {
        let fuser = TensorFuser(parents, format: plan.format)
        var writer = ShardedWriter(in: folder, layout: layout)
        let total = layout.byteCount
        var byteCount = 0
        for tensor in plan.tensors {
            let name = tensor.spec.name
            try fuser.fuse(tensor) { try writer.write($0, to: name) }
            for source in tensor.rule.sources {
                try parents[source.parent].folder.withBytes(of: source.name) {
                    MappedFile.releasePages(of: $0)
                }
            }
            byteCount += tensor.entry.byteCount
            try progress(Progress(byteCount: byteCount, total: total, name: name))
        }
        try writer.finish()
    }

    /// Opens what was written, as a reader would, and compares it with the plan.
    private func verify(_ folder: String) throws -> CheckpointFolder {
        let fused = try CheckpointFolder(folder)
        for tensor in plan.tensors where fused.entry(tensor.spec.name) != tensor.entry {
            throw FusionError.inconsistent(name: tensor.spec.name, problem: "was not written")
        }
        guard fused.names.count == plan.tensors.count else {
            throw FusionError.inconsistent(name: folder, problem: "has too many weights")
        }
        return fused
    }

    private func manifest(of fused: CheckpointFolder, _ copies: CopiedFiles) throws -> Manifest {
        let (text, image) = (parents.text, parents.image)
        let digests = FileDigests([
            (text.folder.path, text.folder.usedFiles),
            (image.folder.path, image.folder.usedFiles),
            (fused.path, fused.usedFiles + copies.names + [ModelCard.fileName]),
        ])
        var options = plan.recipe.options
        options["dtype"] = .string(plan.format.elementType.rawValue)
        return Manifest(
            jamVersion: jamVersion,
            command: "fuse",
            method: plan.recipe.method.name,
            options: options,
            inputs: [
                Manifest.Input(name: text.name, files: try digests.files(of: 0)),
                Manifest.Input(name: image.name, files: try digests.files(of: 1)),
            ],
            files: try digests.files(of: 2)
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
