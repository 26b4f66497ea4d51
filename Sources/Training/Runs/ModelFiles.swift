package import Basics
internal import Checkpoints
package import Decoders
internal import Foundation
package import Layers

/// What a model folder holds besides its weights.
///
/// The files of tokenizers are taken over as they are. They are opened here, so that a training can
/// save itself though the folder that it began with is gone.
package struct ModelFiles: Sendable {
    private let config: JSON
    private let copies: [(name: String, file: MappedFile)]
    private let jamVersion: String

    /// Opens the files to take over.
    ///
    /// - Parameters:
    ///   - config: the content of `config.json`.
    ///   - tokenizer: the folder of the text tokenizer, or its `tokenizer.json`.
    ///   - images: the folder of the image tokenizer.
    ///   - jamVersion: noted in the manifest.
    /// - Throws: `FileError` for a file that cannot be read.
    package init(
        config: JSON,
        tokenizer: String? = nil,
        images: String? = nil,
        jamVersion: String
    ) throws(FileError) {
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
        self.jamVersion = jamVersion
    }

    /// What stands in the folder of a text tokenizer; a tokenizer that is named as a file may have
    /// any name.
    private static func textFiles(of tokenizer: String) throws(FileError)
        -> [(name: String, file: MappedFile)]
    {
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: tokenizer, isDirectory: &isFolder)
        let url = URL(filePath: tokenizer)
        let folder = isFolder.boolValue ? url : url.deletingLastPathComponent()
        let bounds = FolderBounds(folder.relativePath)
        var files: [(name: String, file: MappedFile)] = []
        for name in CheckpointFolder.FileName.text {
            let isNamed = name == CheckpointFolder.FileName.tokenizer && !isFolder.boolValue
            let path = isNamed ? tokenizer : folder.appending(path: name).relativePath
            let isThere = isNamed ? true : try bounds?.contains(path) ?? false
            guard isThere else { continue }
            files.append((name, try MappedFile(path)))
        }
        return files
    }

    /// Writes a whole model folder in place of one that may be there; it appears when it is complete.
    ///
    /// - Parameters:
    ///   - parameters: the weights.
    ///   - storage: how they are stored.
    ///   - origin: what made the model, for the manifest.
    ///   - path: the folder.
    /// - Throws: `FileError` if something cannot be written; then what was there stays.
    package func write(
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
        let inner = CheckpointFolder.FileName.imageTokenizer + "/"
        if copies.contains(where: { $0.name.hasPrefix(inner) }) {
            try makeFolder(folder + "/" + inner)
        }
        for (name, file) in copies { try AtomicFile.write(file.bytes, to: folder + "/" + name) }
        let names = others + [CheckpointFolder.FileName.config] + copies.map(\.name)
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
