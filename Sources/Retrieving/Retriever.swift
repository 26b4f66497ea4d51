internal import Basics
package import Documents

/// Retrieves documents of a bank as context for a model (RA-CM3, section 3).
package struct Retriever<Embedder: DocumentEmbedder> {
    package let bank: BankReader
    package let embedder: Embedder
    package var choice = DocumentChoice()
    /// The number of nearest documents to choose from.
    private let candidateCount = 64

    /// - Throws: `BankError` if the bank was built with another embedder or is empty.
    package init(_ bank: BankReader, _ embedder: Embedder) throws(BankError) {
        guard bank.source == embedder.source else {
            throw .source(path: bank.path, found: bank.source, expected: embedder.source)
        }
        guard bank.width == embedder.width else {
            let name = "an embedding of \(embedder.source.name.quoted())"
            throw .width(vector: name, found: embedder.width, expected: bank.width)
        }
        guard bank.count > 0 else { throw .empty(path: bank.path) }
        self.bank = bank
        self.embedder = embedder
    }

    /// The `limit` nearest documents for each query, the nearest first.
    ///
    /// - Returns: [Q, limit], with cosine similarities as scores.
    /// - Throws: what the embedder throws, or `BankError` for a limit outside 1...count.
    package func nearest(_ limit: Int, to queries: [Document]) throws -> [[Neighbor]] {
        let vectors = try embedder.embeddings(of: queries)
        guard vectors.count == queries.count else {
            throw BankError.counts(documents: queries.count, vectors: vectors.count)
        }
        var units: [[Float]] = []
        for (index, vector) in vectors.enumerated() {
            units.append(try vector.normalized(bank.width, "the embedding of query \(index)"))
        }
        return try bank.nearest(to: units, limit: limit)
    }

    /// Retrieves up to `count` documents for each query, the most similar first; fewer if ``choice``
    /// skips too many candidates; none for an empty query.
    ///
    /// - Returns: [Q] lists, with cosine similarities as scores.
    package func retrieve(_ count: Int, for queries: [Document]) throws -> [[Neighbor]] {
        let queriesWithContent = queries.filter(\.hasContent)
        guard !queriesWithContent.isEmpty else { return queries.map { _ in [] } }
        let limit = min(max(candidateCount, 4 * count), bank.count)
        var found = try nearest(limit, to: queriesWithContent).map { ranked in
            choice.choose(count, of: ranked) { bank.similarity($0, $1) }
        }[...]
        return queries.map { $0.hasContent ? found.removeFirst() : [] }
    }

    /// The documents in reverse order, the nearest last, as they precede a prompt or sample.
    package func documents(_ found: [Neighbor]) throws -> [Document] {
        try found.reversed().map { try bank.document(at: $0.index) }
    }
}

extension BankReader {
    /// The inner product of the embeddings of two documents.
    func similarity(_ first: Int, _ second: Int) -> Float {
        zip(vector(at: first), vector(at: second)).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
