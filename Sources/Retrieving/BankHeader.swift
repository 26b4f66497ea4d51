import Basics

/// The contents of `bank.json`, which determines how much of the other files is valid.
struct BankHeader: Equatable {
    /// The version of the format.
    static let version = 2
    static let widthLimit = 1 << 16

    var width: Int
    var source: EmbeddingSource
    /// The number of complete documents and embeddings.
    var count = 0
    var documentBytes = 0

    init(width: Int, source: EmbeddingSource) {
        self.width = width
        self.source = source
    }

    init(of bank: BankFiles) throws {
        let json: JSON
        do {
            json = try MappedFile(bank.header).json()
        } catch let error as JSONError {
            throw BankError.damaged(path: bank.header, problem: error.description)
        }
        do {
            try self.init(try JSONReader(json, source: bank.header), bank)
        } catch let error as JSONFieldError {
            let problem = "\(error.field) \(error.problem)"
            throw BankError.damaged(path: bank.header, problem: problem)
        }
    }

    private init(_ reader: JSONReader, _ bank: BankFiles) throws {
        let version = try reader.integer("version")
        guard version == Self.version else {
            throw BankError.version(path: bank.folder, found: version, expected: Self.version)
        }
        width = try reader.integer("width", atLeast: 1, atMost: Self.widthLimit)
        count = try reader.integer("count", atLeast: 0, atMost: 1 << 40)
        documentBytes = try reader.integer("document_bytes", atLeast: 0, atMost: 1 << 60)
        let embedder = try reader.nested("embedder")
        source = EmbeddingSource(
            name: try embedder.string("name"),
            digest: try embedder.string("digest")
        )
        try reader.finish()
    }

    var json: JSON {
        [
            "version": .integer(Self.version),
            "width": .integer(width),
            "count": .integer(count),
            "document_bytes": .integer(documentBytes),
            "embedder": ["name": .string(source.name), "digest": .string(source.digest)],
        ]
    }

    var vectorBytes: Int { count * width * 2 }
    var indexBytes: Int { count * BankFiles.entryBytes }
}

/// The paths of a bank's files.
struct BankFiles {
    let folder: String

    /// The bytes of an index entry.
    static let entryBytes = 16

    var header: String { folder + "/bank.json" }
    /// [count, width] in bfloat16.
    var vectors: String { folder + "/vectors.bf16" }
    /// [count, 2] in little-endian order: where a document's line ends, and the checksum of its line and
    /// embedding.
    var index: String { folder + "/index.u64" }
    /// One document per line, as in a shard.
    var documents: String { folder + "/documents.jsonl" }
}
