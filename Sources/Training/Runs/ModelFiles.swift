public import Basics
internal import Checkpoints
public import Decoders
internal import Foundation
public import Layers
public import Vocabulary

/// What a model folder holds besides its weights.
public struct ModelFiles: Sendable {
    /// The content of `config.json`.
    public var config: JSON
    /// The model's vocabulary, if it has one.
    public var tokenizer: Tokenizer?
    /// The folder of its image tokenizer, if it has one.
    public var pictures: String?
    /// Noted in the manifest.
    public var jamVersion: String

    /// Sets the files.
    public init(
        config: JSON,
        tokenizer: Tokenizer? = nil,
        pictures: String? = nil,
        jamVersion: String
    ) {
        self.config = config
        self.tokenizer = tokenizer
        self.pictures = pictures
        self.jamVersion = jamVersion
    }

    /// Writes a whole model folder in place of one that may be there; it appears when it is complete.
    ///
    /// - Parameters:
    ///   - parameters: the weights.
    ///   - storage: how they are stored.
    ///   - origin: what made the model, for the manifest.
    ///   - path: the folder.
    /// - Throws: `FileError` if something cannot be written; then what was there stays.
    public func write(
        _ parameters: [Parameter],
        as storage: WeightStorage,
        origin: JSON.Object,
        to path: String
    ) throws {
        let folder = try OutputFolder(at: path, replacing: true)
        try storage.write(parameters, to: folder.path)
        let weights = [CheckpointFolder.FileName.weights]
        try write(to: folder.path, beside: weights, options: origin)
        try folder.commit()
    }

    /// Writes config, tokenizers and last the manifest, which states these and the files `others`
    /// that are there already.
    func write(to folder: String, beside others: [String], options: JSON.Object) throws {
        let text = config.text(.indented) + "\n"
        try AtomicFile.write(text, to: folder + "/" + CheckpointFolder.FileName.config)
        var names = others + [CheckpointFolder.FileName.config]
        if let tokenizer {
            names += try tokenizer.write(to: URL(filePath: folder))
        }
        if let pictures {
            let inner = CheckpointFolder.FileName.imageTokenizer
            try makeFolder(folder + "/" + inner)
            for name in [CheckpointFolder.FileName.config, CheckpointFolder.FileName.weights] {
                let bytes = try MappedFile.contents(of: pictures + "/" + name)
                try AtomicFile.write(bytes, to: folder + "/" + inner + "/" + name)
                names.append(inner + "/" + name)
            }
        }
        let manifest = Manifest(
            jamVersion: jamVersion,
            command: "train",
            method: "train",
            options: options,
            inputs: [],
            files: try Manifest.describe(names, in: folder)
        )
        try manifest.write(to: folder)
    }
}
