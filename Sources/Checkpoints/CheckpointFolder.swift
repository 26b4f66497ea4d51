package import Basics

/// A Hugging Face folder: `config.json`, and weights in one safetensors file or in shards.
///
/// Opening checks everything but the weights' values: each shard's header, and that index and
/// shards agree. Files are found by plain name within the folder only.
package final class CheckpointFolder: WeightSource {
    /// The names of the files that every checkpoint uses.
    package enum FileName {
        /// What the model is.
        package static let config = "config.json"
        /// The weights, in one file.
        package static let weights = "model.safetensors"
        /// Which shard has which weight.
        package static let index = "model.safetensors.index.json"
        /// The folder with the image tokenizer of a model that draws.
        package static let imageTokenizer = "image_tokenizer"
        /// The text tokenizer.
        package static let tokenizer = "tokenizer.json"
        /// The text tokenizer, its templates, and how the model is asked; a folder has some of them.
        package static let text = [
            tokenizer, "tokenizer_config.json", "special_tokens_map.json",
            "chat_template.jinja", "chat_template.json", "generation_config.json",
        ]
    }

    /// The path as it was given.
    package let path: String
    /// `config.json`, with every key that it has.
    package let config: JSON
    /// The names of all weights, shard after shard, in the order of their bytes.
    package let names: [String]
    /// The names of the files that hold the weights.
    package let weightFiles: [String]
    /// What is odd but does no harm, each in one sentence.
    package let warnings: [String]
    private let shards: [SafetensorsFile]
    /// Which of several shards has a weight.
    private let holders: [String: Int]
    private let files: FolderFiles

    /// Opens a folder.
    package init(_ path: String) throws {
        let files = try FolderFiles(path)
        config = try files.requiredJSON(FileName.config)
        let weights = try StoredWeights(in: files)
        self.path = path
        self.files = files
        names = weights.shards.flatMap(\.file.names)
        weightFiles = weights.shards.map(\.name)
        warnings = weights.warnings
        shards = weights.shards.map(\.file)
        var holders: [String: Int] = [:]
        if shards.count > 1 {
            for (index, shard) in shards.enumerated() {
                for name in shard.names { holders[name] = index }
            }
        }
        self.holders = holders
    }

    /// The shard that has a weight, if one does.
    private func holder(of name: String) -> SafetensorsFile? {
        shards.count == 1 ? shards[0] : holders[name].map { shards[$0] }
    }

    /// Whether a name is that of a file directly in a folder, and safe to append to a path.
    package static func isPlainName(_ name: String) -> Bool { FolderFiles.isPlainName(name) }

    /// A reader of `config.json`, whose errors name that file.
    package func configReader() throws -> JSONReader {
        try JSONReader(config, source: files.path(of: FileName.config))
    }

    /// The type and shape of a weight, or `nil` if there is none of that name.
    package func entry(_ name: String) -> WeightEntry? { holder(of: name)?.entry(name) }

    /// The elements of a weight; the pointer is valid as long as this object lives.
    package func bytes(of name: String) throws -> UnsafeRawBufferPointer {
        guard let holder = holder(of: name) else { throw WeightError.missing(name: name) }
        return try holder.bytes(of: name)
    }

    /// Fills `buffer` with bytes of a weight, from `offset` on, without mapping them: for weights
    /// that pass by once and should not count as memory.
    package func read(
        _ name: String,
        at offset: Int,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws {
        guard let holder = holder(of: name) else { throw WeightError.missing(name: name) }
        try holder.read(name, at: offset, into: buffer)
    }

    /// Whether the folder has a file `name`, as `tokenizer.json`.
    package func has(_ name: String) -> Bool { files.has(name) }

    /// Opens another file of the folder, as `tokenizer.json`; `nil` if it is not there.
    package func file(_ name: String) throws -> MappedFile? { try files.open(name) }

    /// Another file of the folder as JSON; `nil` if it is not there.
    package func json(_ name: String) throws -> JSON? { try files.json(name) }

    /// What made the checkpoint, if its folder says so.
    package func manifest() throws -> Manifest? {
        guard let json = try files.json(Manifest.fileName) else { return nil }
        return try Manifest(json, source: files.path(of: Manifest.fileName))
    }
}
