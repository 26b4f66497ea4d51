internal import Basics
package import Documents

/// Finds documents of a bank that help a model with a document (RA-CM3, section 3).
package struct Retriever<Embedder: DocumentEmbedder> {
    /// The documents to find.
    package let bank: BankReader
    /// What the bank's vectors were made with.
    package let embedder: Embedder
    /// Which of those that are near are taken.
    package var choice = DocumentChoice()
    /// How many of the nearest are looked at for each query.
    package var candidates = 64

    /// Joins a bank and the embedder that it was built with.
    ///
    /// - Throws: `BankError` if it was built with another, or is empty.
    package init(_ bank: BankReader, _ embedder: Embedder) throws(BankError) {
        guard bank.source == embedder.source else {
            throw .source(path: bank.path, found: bank.source, expected: embedder.source)
        }
        guard bank.width == embedder.width else {
            let name = "a vector of \(embedder.source.name.quoted())"
            throw .width(vector: name, found: embedder.width, expected: bank.width)
        }
        guard bank.count > 0 else { throw .empty(path: bank.path) }
        self.bank = bank
        self.embedder = embedder
    }

    /// The `limit` documents nearest to each query, the nearest first.
    ///
    /// - Returns: [Q, limit], with cosines as scores.
    /// - Throws: what the embedder throws, or `BankError` for a limit that is not in 1...count.
    package func nearest(_ limit: Int, to queries: [Document]) throws -> [[Neighbor]] {
        let vectors = try embedder.embeddings(of: queries)
        guard vectors.count == queries.count else {
            throw BankError.counts(documents: queries.count, vectors: vectors.count)
        }
        var units: [[Float]] = []
        for (index, vector) in vectors.enumerated() {
            units.append(try vector.normalized(bank.width, "the vector of query \(index)"))
        }
        return try bank.nearest(to: units, limit: limit)
    }

    /// Finds up to `count` documents for each query, the most relevant first; fewer where too few of
    /// the candidates are near enough, yet not too near; none for a query that says nothing.
    ///
    /// - Returns: [Q] lists, with cosines as scores.
    /// - Throws: what the embedder throws, or `BankError`.
    package func retrieve(_ count: Int, for queries: [Document]) throws -> [[Neighbor]] {
        let asked = queries.filter(\.hasContent)
        guard !asked.isEmpty else { return queries.map { _ in [] } }
        let limit = min(max(candidates, 4 * count), bank.count)
        var found = try nearest(limit, to: asked).map { ranked in
            choice.choose(count, of: ranked) { bank.similarity($0, $1) }
        }[...]
        return queries.map { $0.hasContent ? found.removeFirst() : [] }
    }

    /// The documents that were found, the nearest last, as they stand before what they were found for.
    ///
    /// - Throws: `BankError` or `ShardError` if the bank is damaged.
    package func documents(_ found: [Neighbor]) throws -> [Document] {
        try found.reversed().map { try bank.document(at: $0.index) }
    }
}

extension BankReader {
    /// The inner product of the vectors of two documents.
    func similarity(_ first: Int, _ second: Int) -> Float {
        zip(vector(at: first), vector(at: second)).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
