import Basics
import Checkpoints
import Vocabulary

// Weights pass by in small buffers, on all cores; memory does not grow with the model.

extension FusionPlan {
    /// How far a fusion is.
    package struct Progress: Sendable, Equatable {
        /// The bytes of weights written so far and, where they are verified, those read again.
        package let byteCount: Int
        /// The last ``byteCount``.
        package let total: Int
        /// What is odd about the weights read so far, a sentence for each parent.
        package let warnings: [String]
    }

    /// Writes the fused checkpoint folder, which appears only when it is complete.
    ///
    /// The free space is checked before anything is written. An error leaves nothing behind.
    ///
    /// - Parameters:
    ///   - output: the folder to make; its parent folder must exist.
    ///   - replacing: whether an existing folder is replaced.
    ///   - verifying: whether all weights are read back from the disk and compared with weights
    ///     made a second time, and the digests of the parents' weights noted in the manifest.
    ///   - progress: called now and then, on the calling thread; an error that it throws ends the
    ///     work.
    /// - Throws: `FileError` where the folder cannot be written or read back, `FusionError` where
    ///   a number does not fit the type of the output, and what `progress` throws.
    package func run(
        to output: String,
        replacing: Bool = false,
        verifying: Bool = false,
        progress: (Progress) throws -> Void = { _ in }
    ) throws {
        let folder = try OutputFolder(at: output, replacing: replacing)
        let copies = try CopiedFiles(of: parents)
        let layout = self.layout
        try folder.need(layout.byteCount + copies.byteCount)

        let make = try makingWeights()
        let writer = try ShardedWriter(in: folder.path, layout: layout)
        let total = layout.byteCount * (verifying ? 2 : 1)
        func report(_ byteCount: Int) throws {
            let warnings = parents.nonFinite.warnings
            try progress(Progress(byteCount: byteCount, total: total, warnings: warnings))
        }
        let digests = try writer.write(make, progress: report)
        try copies.write(to: folder.path)
        let config = JSON.object(self.config).text(.indented) + "\n"
        try folder.write(config, to: CheckpointFolder.FileName.config)
        try folder.write(modelCard, to: Self.modelCardName)
        let fused = try opened(folder.path)
        if verifying {
            try folder.synchronize()
            try writer.verify(make) { try report(layout.byteCount + $0) }
        }
        let manifest = try manifest(of: fused, copies, digests, readingParents: verifying)
        try folder.write(manifest.json.text(.indented) + "\n", to: Manifest.fileName)
        // A power failure must not lose both a replaced folder and its successor.
        try folder.commit(toDisk: verifying || replacing)
    }

    /// A function that makes any part of any weight, on any thread.
    private func makingWeights() throws -> ShardedWriter.Making {
        let tensors = Dictionary(
            uniqueKeysWithValues: try self.tensors.map {
                ($0.spec.name, try $0.prepared())
            }
        )
        let memory = Pool { FusionMemory() }
        return { part, bytes in
            guard let tensor = tensors[part.name] else {
                throw WeightError.missing(name: part.name)
            }
            try memory.lend { try tensor.make(part.bytes, into: bytes, $0) }
        }
    }

    /// Opens what was written, as a reader would, and compares its headers with the plan.
    private func opened(_ folder: String) throws -> CheckpointFolder {
        let fused = try CheckpointFolder(folder)
        for tensor in tensors where fused.entry(tensor.spec.name) != tensor.entry {
            throw FusionError.inconsistent(name: tensor.spec.name, problem: "was not written")
        }
        guard fused.names.count == tensors.count else {
            throw FusionError.inconsistent(name: folder, problem: "has too many weights")
        }
        return fused
    }

    private func manifest(
        of fused: CheckpointFolder,
        _ copies: CopiedFiles,
        _ digests: [String: String],
        readingParents: Bool
    ) throws -> Manifest {
        let (text, image) = (parents.text, parents.image)
        let files = try Manifest.describe(
            [
                (text.folder.path, text.folder.usedFiles),
                (image.folder.path, image.folder.usedFiles),
                (fused.path, fused.usedFiles + copies.names + [Self.modelCardName]),
            ],
            digest: { folder, name in
                if folder == 2 { return digests[name].map { .known($0) } ?? .file }
                return readingParents || !CheckpointFolder.isOfWeights(name) ? .file : .none
            }
        )
        var options = recipe.options
        if !parents.vocabulary.added.isEmpty {
            options["added_tokens"] = .array(parents.vocabulary.added.map(JSON.string))
        }
        options["dtype"] = .string(format.elementType.rawValue)
        return Manifest(
            command: "fuse",
            method: recipe.method.name,
            options: options,
            inputs: [
                Manifest.Input(name: text.name, files: files[0]),
                Manifest.Input(name: image.name, files: files[1]),
            ],
            files: files[2]
        )
    }
}
