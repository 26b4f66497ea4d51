public import Documents
internal import Retrieving
internal import Tensors
internal import Vision

/// A folder of documents to be searched by text and image, whose hits can precede prompts as retrieved
/// context (RA-CM3, Yasunaga et al., 2023).
///
/// Documents and queries are compared by their CLIP embeddings. Like a ``Model``, an open bank has a
/// thread of its own.
///
/// ```swift
/// let bank = try await MemoryBank(contentsOf: "bank", clip: "models/dictionary/clip")
/// for hit in try await bank.search("a lion", limit: 3) { print(hit.similarity, hit.document) }
///
/// let prompt = Document([.text("Draw a lion.", role: .user)])
/// let context = try await bank.retrieve(2, for: prompt)
/// let answer = model.answer(prompt, retrieved: context.retrievedDocuments)
/// ```
public actor MemoryBank {
    /// A document that was found.
    public struct Hit: Sendable, Equatable {
        /// The index of the document in the bank.
        public let index: Int
        /// The cosine similarity of document and query.
        public let similarity: Double
        /// The document itself.
        public let document: Document
    }

    private let thread: ModelThread
    /// The folder that it was opened from.
    public nonisolated let folder: String
    private var opened: Retriever<CLIPEmbedder>?

    /// The bank's thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        thread.asUnownedSerialExecutor()
    }

    /// Opens a bank with the documents that were added before.
    ///
    /// - Parameters:
    ///   - folder: a folder that ``build(at:clip:shards:options:)`` has written.
    ///   - clip: the folder of the CLIP model that the bank was built with.
    ///   - threads: as in ``Model/init(contentsOf:threads:maximumBatchSize:prefixCacheBytes:)``.
    /// - Throws: `JamError` if the bank is empty or damaged, or was built with another model.
    public init(contentsOf folder: String, clip: String, threads: Int? = nil) async throws {
        self.folder = folder
        thread = ModelThread(name: "jam.bank")
        opened = nil
        // From here on the initializer runs on the bank's thread.
        opened = try withJamErrors {
            let reader = try BankReader(folder)
            try Engine.start(threads: threads)
            return try Retriever(reader, CLIPEmbedder(clip))
        }
    }

    /// Opens a bank with a CLIP model that is open already, whose thread it shares.
    ///
    /// - Throws: as ``init(contentsOf:clip:threads:)``.
    public init(contentsOf folder: String, clip: CLIPModel) async throws {
        self.folder = folder
        thread = clip.thread
        let embedder = await clip.shared
        opened = nil
        opened = try withJamErrors { try Retriever(BankReader(folder), embedder.value) }
    }

    /// The number of documents.
    public var count: Int { retriever.bank.count }

    /// Searches for a text.
    ///
    /// - Parameters:
    ///   - text: what to search for.
    ///   - limit: the number of documents; `nil` for 5, or all if there are fewer.
    /// - Returns: the most similar documents, the most similar first.
    /// - Throws: `JamError` if the text is blank, or the limit is not in 1...``count``.
    public func search(_ text: String, limit: Int? = nil) throws -> [Hit] {
        try search(Document([.text(text)]), limit: limit)
    }

    /// The documents most similar to the texts and images of another one, the most similar first.
    ///
    /// - Throws: `JamError` if it has neither text nor image, or the limit is not in 1...``count``.
    public func search(_ query: Document, limit: Int? = nil) throws -> [Hit] {
        try withJamErrors {
            try hits(retriever.nearest(limit ?? min(5, count), to: [query])[0])
        }
    }

    /// Retrieves documents as context of a prompt.
    ///
    /// - Parameters:
    ///   - count: the most documents, at least 1.
    ///   - prompt: a prompt; one without content retrieves nothing.
    ///   - similarityLimit: the highest cosine similarity to the prompt and between documents; below 1,
    ///     nearly equal documents are skipped (CM3Leon, section 2.1, has 0.9).
    /// - Returns: the most similar first.
    /// - Throws: `JamError` if the bank is damaged.
    public func retrieve(
        _ count: Int = 2,
        for prompt: Document,
        similarityLimit: Double = 1
    ) throws -> [Hit] {
        try withJamErrors {
            guard count > 0 else {
                throw BankError.limit(requested: count, count: self.count)
            }
            let count = min(count, self.count)
            var retriever = retriever
            retriever.choice = DocumentChoice(limit: similarityLimit)
            return try hits(retriever.retrieve(count, for: [prompt])[0])
        }
    }

    private var retriever: Retriever<CLIPEmbedder> {
        guard let opened else { preconditionFailure("the initializer has opened it") }
        return opened
    }

    private func hits(_ neighbors: [Neighbor]) throws -> [Hit] {
        try neighbors.map {
            Hit(
                index: $0.index,
                similarity: Double($0.score),
                document: try retriever.bank.document(at: $0.index)
            )
        }
    }
}

extension [MemoryBank.Hit] {
    /// The documents in the order in which they precede a prompt: the most similar last.
    public var retrievedDocuments: [Document] { reversed().map(\.document) }
}
