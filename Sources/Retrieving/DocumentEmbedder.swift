package import Documents

/// Computes embeddings of documents that are close for similar documents.
package protocol DocumentEmbedder {
    /// Identifies the embedder; a bank can only be searched with the one that it was built with.
    var source: EmbeddingSource { get }
    /// The dimension of an embedding.
    var width: Int { get }
    /// Embeddings of ``width`` numbers, of any length but zero.
    func embeddings(of documents: [Document]) throws -> [[Float]]
}

/// The identity of an embedder.
package struct EmbeddingSource: Sendable, Equatable {
    package let name: String
    /// The SHA-256 of its weights, or another identifier.
    package let digest: String

    package init(name: String, digest: String) {
        self.name = name
        self.digest = digest
    }
}
