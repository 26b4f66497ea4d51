package import Documents

extension BankWriter {
    /// Adds documents with the vectors that the bank's embedder makes of them.
    ///
    /// - Throws: `BankError` if it is another embedder than the bank was built with, and what the
    ///   embedder and ``append(_:vectors:named:)`` throw.
    package mutating func append(
        _ documents: [Document],
        with embedder: some DocumentEmbedder,
        named name: (Int) -> String = { "document \($0)" }
    ) throws {
        try check(embedder)
        try append(documents, vectors: embedder.embeddings(of: documents), named: name)
    }

    /// Refuses another embedder than the bank was built with.
    ///
    /// - Throws: `BankError`.
    package func check(_ embedder: some DocumentEmbedder) throws(BankError) {
        guard source == embedder.source else {
            throw .source(path: path, found: source, expected: embedder.source)
        }
    }
}
