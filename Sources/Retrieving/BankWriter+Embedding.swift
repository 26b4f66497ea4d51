public import Documents

extension BankWriter {
    /// Adds documents with the vectors that the bank's embedder makes of them.
    ///
    /// - Throws: `BankError` if it is another embedder than the bank was built with, and what the
    ///   embedder and ``append(_:vectors:)`` throw.
    public mutating func append(
        _ documents: [Document],
        with embedder: some DocumentEmbedder
    ) throws {
        guard source == embedder.source else {
            throw BankError.source(path: path, found: source, expected: embedder.source)
        }
        try append(documents, vectors: embedder.vectors(of: documents))
    }
}
