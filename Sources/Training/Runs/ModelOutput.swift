public import Basics
internal import Checkpoints
public import Decoders
internal import Foundation
public import Layers
public import Vocabulary

/// A finished model, ready to be written as a folder that everything else can open.
public struct ModelOutput {
    /// The content of `config.json`.
    public var config: JSON.Object
    /// The weights.
    public var parameters: [Parameter]
    /// The vocabulary.
    public var tokenizer: Tokenizer
    /// The image tokenizer's folder, which is copied; `nil` without pictures.
    public var pictures: String?
    /// How the weights are stored.
    public var storage: WeightStorage
    /// What made the model, for the manifest.
    public var origin: JSON.Object

    /// Puts a model together.
    public init(
        config: JSON.Object,
        parameters: [Parameter],
        tokenizer: Tokenizer,
        pictures: String?,
        storage: WeightStorage,
        origin: JSON.Object
    ) {
        self.config = config
        self.parameters = parameters
        self.tokenizer = tokenizer
        self.pictures = pictures
        self.storage = storage
        self.origin = origin
    }

    /// Writes the folder in place of one that may be there; it appears when it is complete.
    public func write(to path: String, jamVersion: String) throws {
        let folder = try OutputFolder(at: path, replacing: true)
        try storage.write(parameters, to: folder.path)
        let text = JSON.object(config).text(.indented) + "\n"
        try AtomicFile.write(text, to: folder.file(CheckpointFolder.FileName.config))
        try tokenizer.write(to: URL(filePath: folder.path))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        if let pictures {
            let target = folder.file(CheckpointFolder.FileName.imageTokenizer)
            try FileManager.default.createDirectory(
                atPath: target,
                withIntermediateDirectories: true
            )
            for name in [CheckpointFolder.FileName.config, CheckpointFolder.FileName.weights] {
                let bytes = try MappedFile.contents(of: pictures + "/" + name)
                try AtomicFile.write(bytes, to: target + "/" + name)
            }
        }
        let manifest = Manifest(
            jamVersion: jamVersion,
            command: "train",
            method: "train",
            options: origin,
            inputs: [],
            files: try Manifest.describe(names.sorted(), in: folder.path)
        )
        try manifest.write(to: folder.path)
        try folder.commit()
    }
}
