package import Basics
internal import Checkpoints
package import Decoders
internal import Foundation
package import Layers
internal import Tensors

/// The files of a model folder besides the weights: the config, and copies of the tokenizers.
///
/// The tokenizers are opened at the start, so that a run can be saved even if their folder is gone.
package struct ModelFiles: Sendable {
    private let config: JSON
    private let copies: [(name: String, file: MappedFile)]
    private let bases: SavedBases

    /// Opens the files to copy.
    ///
    /// - Parameters:
    ///   - config: the content of `config.json`.
    ///   - tokenizer: the folder of the text tokenizer, or its `tokenizer.json`.
    ///   - images: the folder of the image tokenizer.
    ///   - bases: the models whose weights and files need not be saved.
    /// - Throws: `FileError` for a file that cannot be read.
    package init(
        config: JSON,
        tokenizer: String? = nil,
        images: String? = nil,
        bases: SavedBases = SavedBases()
    ) throws {
        var copies: [(name: String, file: MappedFile)] = []
        if let tokenizer { copies += try Self.textFiles(of: tokenizer) }
        if let images {
            for name in [CheckpointFolder.FileName.config, CheckpointFolder.FileName.weights] {
                let file = try MappedFile(images + "/" + name)
                copies.append((CheckpointFolder.FileName.imageTokenizer + "/" + name, file))
            }
        }
        self.config = config
        self.copies = copies
        self.bases = bases
    }

    /// The files of a text tokenizer, whose `tokenizer.json` may have another name if the file itself
    /// is given.
    private static func textFiles(of tokenizer: String) throws
        -> [(name: String, file: MappedFile)]
    {
        let isModel = try CheckpointFiles.isModel(tokenizer)
        let folder = URL(filePath: tokenizer).deletingLastPathComponent().relativePath
        let found = try CheckpointFiles(isModel ? tokenizer : folder)
        var files: [(name: String, file: MappedFile)] = []
        let isOlder = isModel && !found.has(CheckpointFolder.FileName.tokenizer)
        let names =
            CheckpointFolder.FileName.text + [CheckpointFolder.FileName.imageFrame]
            + (isOlder ? CheckpointFolder.FileName.olderText : [])
        for name in names {
            let isNamed = name == CheckpointFolder.FileName.tokenizer && !isModel
            guard let file = isNamed ? try MappedFile(tokenizer) : try found.open(name) else {
                continue
            }
            files.append((name, file))
        }
        return files
    }

    /// Writes a model folder; one that exists is replaced when the new one is complete.
    ///
    /// - Throws: `FileError` if something cannot be written; then nothing is replaced.
    package func write(
        _ parameters: [Parameter],
        as storage: WeightStorage,
        origin: JSON.Object,
        to path: String
    ) throws {
        let folder = try OutputFolder(at: path, replacing: true)
        if let bases = bases.model {
            let tensors = parameters.map { ($0.spec.name, $0.tensor) }
            let plan = try plan(tensors, storage.ofDelta, bases, path)
            try write(plan, to: folder.path, beside: [], options: origin)
        } else {
            try storage.write(parameters, to: folder.path)
            let weights = [CheckpointFolder.FileName.weights]
            try write(copies, to: folder.path, beside: weights, options: origin)
        }
        try folder.commit()
    }

    /// Writes the files of a step: weights in float32, config and tokenizers, and a manifest of
    /// these and of the files `others`, which exist already.
    func writeStep(
        _ tensors: [(name: String, tensor: Tensor)],
        to folder: String,
        beside others: [String],
        options: JSON.Object
    ) throws {
        if let bases = bases.steps {
            let plan = try plan(tensors, .same, bases, folder)
            try write(plan, to: folder, beside: others, options: options)
        } else {
            let weights = CheckpointFolder.FileName.weights
            try RunFolder.write(tensors, to: folder + "/" + weights)
            try write(copies, to: folder, beside: [weights] + others, options: options)
        }
    }

    private func plan(
        _ tensors: [(name: String, tensor: Tensor)],
        _ storage: DeltaStorage,
        _ bases: DeltaBases,
        _ folder: String
    ) throws -> DeltaPlan {
        try DeltaPlan(
            of: TensorWeights(tensors, for: folder),
            files: copies,
            bases: bases,
            storage: storage
        )
    }

    /// Writes what the bases do not have.
    private func write(
        _ plan: DeltaPlan,
        to folder: String,
        beside others: [String],
        options: JSON.Object
    ) throws {
        try plan.write(into: folder)
        let made = plan.madeNames
        let copies = copies.filter { !made.contains($0.name) }
        try write(copies, to: folder, beside: DeltaPlan.fileNames + others, options: options)
    }

    /// Writes the config, copies and a manifest of these and of the files `others`, which exist
    /// already.
    private func write(
        _ copies: [(name: String, file: MappedFile)],
        to folder: String,
        beside others: [String],
        options: JSON.Object
    ) throws {
        let text = config.text(.indented) + "\n"
        try AtomicFile.write(text, to: folder + "/" + CheckpointFolder.FileName.config)
        let inner = CheckpointFolder.FileName.imageTokenizer + "/"
        if copies.contains(where: { $0.name.hasPrefix(inner) }) {
            try makeFolder(folder + "/" + inner)
        }
        for (name, file) in copies { try AtomicFile.write(file.bytes, to: folder + "/" + name) }
        let names = others + [CheckpointFolder.FileName.config] + copies.map(\.name)
        let manifest = Manifest(
            command: "train",
            method: "train",
            options: options,
            inputs: [],
            files: try Manifest.describe(names, in: folder)
        )
        try manifest.write(to: folder)
    }
}

extension WeightStorage {
    /// The type of what a delta stores.
    fileprivate var ofDelta: DeltaStorage {
        switch self {
        case .float32: .same
        case .int8: .int8
        }
    }
}
