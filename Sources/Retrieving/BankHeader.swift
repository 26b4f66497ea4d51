import Basics

/// What `bank.json` states: the only thing that says how much of the other files counts.
struct BankHeader: Equatable {
    /// The version of the format that this program writes and reads.
    static let version = 2
    /// The most numbers of a vector.
    static let widthLimit = 1 << 16

    var width: Int
    var source: EmbeddingSource
    /// The documents that are whole, with their vectors.
    var count = 0
    /// The bytes of their lines.
    var documentBytes = 0

    init(width: Int, source: EmbeddingSource) {
        self.width = width
        self.source = source
    }

    /// Reads the header of a bank.
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

    /// The bytes of the vectors.
    var vectorBytes: Int { count * width * 2 }
    /// The bytes of the index.
    var indexBytes: Int { count * BankFiles.entryBytes }
}

/// The paths of a bank's files.
struct BankFiles {
    let folder: String

    /// Bytes of an entry of the index.
    static let entryBytes = 16

    var header: String { folder + "/bank.json" }
    /// [count, width] in bfloat16.
    var vectors: String { folder + "/vectors.bf16" }
    /// [count, 2], the lowest byte first: where each document's line ends, and the check of its line
    /// and its vector.
    var index: String { folder + "/index.u64" }
    /// One document a line, as in a shard.
    var documents: String { folder + "/documents.jsonl" }
}
