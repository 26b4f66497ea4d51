package import Basics
import Foundation

/// A Hugging Face folder: `config.json`, and weights in one safetensors file or in shards; or a GGUF
/// file or a delta, which stand for such a folder.
///
/// Opening checks all but the values of the weights: the header of each shard, and that index and
/// shards agree. Only files with a plain name in the folder are found.
package final class CheckpointFolder: StoredWeightFile {
    /// The names of files and folders in a checkpoint.
    package enum FileName {
        package static let config = "config.json"
        /// The weights, where they are in one file.
        package static let weights = "model.safetensors"
        /// Which shard has which weight.
        package static let index = "model.safetensors.index.json"
        package static let imageTokenizer = "image_tokenizer"
        /// How images are written, where the tokenizer does not say it.
        package static let imageFrame = "image_frame.json"
        package static let tokenizer = "tokenizer.json"
        package static let tokenizerConfig = "tokenizer_config.json"
        package static let chatTemplate = "chat_template.jinja"
        package static let generationConfig = "generation_config.json"
        /// The text tokenizer, chat templates and generation settings; a folder has some of them.
        package static let text = [
            tokenizer, tokenizerConfig, "special_tokens_map.json",
            chatTemplate, "chat_template.json", generationConfig,
        ]
        /// What a folder may have instead of `tokenizer.json`.
        package static let olderText = ["vocab.json", "merges.txt", "added_tokens.json"]
    }

    package let path: String
    /// `config.json`.
    package let config: JSON
    /// The names of all weights, shard after shard, in the order of their bytes.
    package let names: [String]
    /// The names of the files with the weights.
    package let weightFiles: [String]
    /// What is odd but harmless, one sentence each.
    package let warnings: [String]
    private let shards: [any StoredWeightFile]
    /// The index in `shards` of each weight by its name in the files; empty where there is one shard.
    private let shardOfWeight: [String: Int]
    /// The name in the files of each weight; `nil` where all have the same one here.
    private let storedNames: [String: String]?
    private let files: CheckpointFiles

    package convenience init(_ path: String) throws { try self.init(path, deltas: .opened) }

    init(_ path: String, deltas: CheckpointFiles.DeltaReading) throws {
        let files = try CheckpointFiles(path, deltas: deltas)
        config = try files.requiredJSON(FileName.config)
        let weights = try StoredWeights(in: files)
        self.path = path
        self.files = files
        names = weights.shards.flatMap(\.file.names)
        weightFiles = weights.shards.map(\.name)
        warnings = weights.warnings
        storedNames = nil
        shards = weights.shards.map(\.file)
        var shardOfWeight: [String: Int] = [:]
        if shards.count > 1 {
            for (index, shard) in shards.enumerated() {
                for name in shard.names { shardOfWeight[name] = index }
            }
        }
        self.shardOfWeight = shardOfWeight
    }

    private init(
        _ folder: CheckpointFolder,
        names: [String],
        storedNames: [String: String]?,
        warnings: [String]
    ) {
        path = folder.path
        config = folder.config
        files = folder.files
        weightFiles = folder.weightFiles
        shards = folder.shards
        shardOfWeight = folder.shardOfWeight
        self.names = names
        self.storedNames = storedNames
        self.warnings = warnings
    }

    /// The same folder with other names for its weights, and with more warnings.
    ///
    /// - Throws: ``LoadingError/sameName(path:stored:name:)`` if two weights get one name.
    package func renamed(
        adding warnings: [String] = [],
        _ rename: (String) -> String
    ) throws(LoadingError) -> CheckpointFolder {
        let renamed = names.map(rename)
        var storedNames = self.storedNames
        if renamed != names {
            var found: [String: String] = [:]
            for (name, old) in zip(renamed, names) {
                let stored = self.storedNames?[old] ?? old
                if let other = found.updateValue(stored, forKey: name) {
                    throw .sameName(path: path, stored: [other, stored], name: name)
                }
            }
            storedNames = found
        }
        return CheckpointFolder(
            self,
            names: renamed,
            storedNames: storedNames,
            warnings: self.warnings + warnings
        )
    }

    /// Whether a name is a plain file name, safe to append to a path.
    package static func isPlainName(_ name: String) -> Bool { CheckpointFiles.isPlainName(name) }

    /// Whether a file has weights, by its name.
    package static func isOfWeights(_ name: String) -> Bool {
        name.hasSuffix(".safetensors") || name.hasSuffix(".gguf")
    }

    /// A reader of `config.json`; its errors name that file.
    package func configReader() throws -> JSONReader {
        try JSONReader(config, source: files.path(of: FileName.config))
    }

    package func entry(_ name: String) -> WeightEntry? {
        guard let (shard, storedName) = place(of: name), let entry = shard.entry(storedName) else {
            return nil
        }
        return storedNames == nil
            ? entry : WeightEntry(name: name, elementType: entry.elementType, shape: entry.shape)
    }

    package func withBytes<Result>(
        of name: String,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        let (shard, storedName) = try existingPlace(of: name)
        return try shard.withBytes(of: storedName, body)
    }

    /// The type of a weight's numbers as they are stored, such as `BF16`, `Q4_K`, or `I4` for packed
    /// integers of 4 bits; `nil` if there is none of that name.
    package func storedType(of name: String) -> String? {
        place(of: name).flatMap { $0.shard.storedType(of: $0.storedName) }
    }

    /// The name of a weight in the file.
    package func storedName(of name: String) -> String { storedNames?[name] ?? name }

    package func quantizedRows(of name: String) throws -> QuantizedRows? {
        let (shard, storedName) = try existingPlace(of: name)
        // The scales of 8-bit rows may be in another shard.
        return shard.entry(storedName)?.elementType == .int8
            ? try Int8Rows.quantizedRows(of: name, in: self)
            : try shard.quantizedRows(of: storedName)
    }

    /// Fills `buffer` with bytes of a weight, from `offset` on, without mapping them: for weights
    /// that are read once and should not count as memory.
    package func read(
        _ name: String,
        at offset: Int,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws {
        let (shard, storedName) = try existingPlace(of: name)
        try shard.read(storedName, at: offset, into: buffer)
    }

    private typealias Place = (shard: any StoredWeightFile, storedName: String)

    /// The file that may have a weight, and its name there; `nil` if it is known that none has it.
    private func place(of name: String) -> Place? {
        guard let storedName = storedNames == nil ? name : storedNames?[name] else { return nil }
        guard shards.count != 1 else { return (shards[0], storedName) }
        return shardOfWeight[storedName].map { (shards[$0], storedName) }
    }

    private func existingPlace(of name: String) throws(WeightError) -> Place {
        guard let place = place(of: name) else { throw .missing(name: name) }
        return place
    }

    /// The files that make the model: config, weights, and their index where there is one.
    package var usedFiles: [String] {
        guard files.gguf == nil else { return weightFiles }
        if files.delta != nil { return [FileName.config, DeltaFolder.fileName] + weightFiles }
        let index = weightFiles.count > 1 ? [FileName.index] : []
        return [FileName.config] + index + weightFiles
    }

    /// The delta, if it is one.
    var delta: DeltaFolder? { files.delta }

    /// The last part of the path.
    package var name: String { URL(filePath: path).standardizedFileURL.lastPathComponent }

    /// Whether it is a delta, which needs its bases.
    package var isDelta: Bool { delta != nil }

    /// Where the bases of a delta were found.
    package var basePaths: [String] { delta?.bases.map(\.path) ?? [] }

    /// Whether the folder has a file `name`.
    package func has(_ name: String) -> Bool { files.has(name) }

    /// Opens another file of the folder; `nil` if it is missing.
    package func file(_ name: String) throws -> MappedFile? { try files.open(name) }

    /// Another file of the folder as JSON; `nil` if it is missing.
    package func json(_ name: String) throws -> JSON? { try files.json(name) }

    /// How the checkpoint was made, if the folder has a manifest.
    package func manifest() throws -> Manifest? {
        guard let json = try files.json(Manifest.fileName) else { return nil }
        return try Manifest(json, source: files.path(of: Manifest.fileName))
    }
}
