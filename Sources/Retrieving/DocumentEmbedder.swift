package import Documents

/// What turns documents into vectors that lie near one another where documents are alike.
///
/// For text with images the vectors of both are normalised and averaged (CM3Leon, section 2.1).
package protocol DocumentEmbedder {
    /// What makes the vectors; a bank is searched with what it was built with only.
    var source: EmbeddingSource { get }
    /// The numbers of a vector.
    var width: Int { get }
    /// A vector of ``width`` numbers for each document, of any length but zero.
    func embeddings(of documents: [Document]) throws -> [[Float]]
}

/// What made the vectors of a bank.
package struct EmbeddingSource: Sendable, Equatable {
    /// A name for people.
    package let name: String
    /// The SHA-256 of its weights, or what else tells it from others of its name.
    package let digest: String

    /// Names a source.
    package init(name: String, digest: String) {
        self.name = name
        self.digest = digest
    }
}
