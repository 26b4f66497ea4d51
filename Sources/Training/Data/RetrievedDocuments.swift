internal import Basics
internal import Retrieving
package import Vocabulary

/// Retrieved documents that precede the documents of a source (RA-CM3, section 3.2).
///
/// The example of a document is `<eos> retrieved <eos> retrieved <eos> document <eos>`.
package struct RetrievedDocuments: Sendable {
    /// The tokens of the retrieved documents, without the `<eos>` at their ends.
    private let documents: [[TokenID]]
    /// For each document of the source, indices of retrieved ones, the nearest first.
    private var neighbors: [[Int]]
    /// The most retrieved documents of one example.
    private let limit: Int
    /// The loss weight of the retrieved documents.
    private var weight: Float
    /// The most tokens of an example.
    private let length: Int

    /// The tokens of all of them.
    var tokens: [[TokenID]] { documents }

    /// - Parameters:
    ///   - documents: what was retrieved for any document of the source.
    ///   - neighbors: for each document of the source, indices of `documents`, the nearest first.
    ///   - limit: the most retrieved documents of one example.
    ///   - weight: the loss weight of the retrieved documents; 0.1 in RA-CM3.
    ///   - length: the most tokens of an example.
    package init(
        _ documents: [TokenSequence],
        neighbors: [[Int]],
        limit: Int,
        weight: Float,
        length: Int
    ) {
        precondition(neighbors.joined().allSatisfy(documents.indices.contains))
        self.documents = documents.map { Array($0.tokensBeforeNext) }
        self.neighbors = neighbors
        self.limit = limit
        self.weight = weight
        self.length = length
    }

    /// Those of some documents of the source.
    subscript(documents: some Sequence<Int>) -> RetrievedDocuments {
        var part = self
        part.neighbors = documents.map { neighbors[$0] }
        return part
    }

    /// The same without a loss, for evaluation.
    var unweighted: RetrievedDocuments {
        var documents = self
        documents.weight = 0
        return documents
    }

    /// Adds retrieved documents to the example of the document at `index`.
    ///
    /// Their number is uniform in 0...limit, and they are drawn from the neighbors. The nearest is
    /// last. Those that do not fit into `length` are left out, and all that are less near.
    func example(
        _ example: TrainingExample,
        of index: Int,
        using random: inout SeededGenerator
    ) -> TrainingExample {
        let count = Int.random(in: 0...limit, using: &random)
        var free = length - example.tokens.count
        var chosen: [[TokenID]] = []
        for neighbor in neighbors[index].sample(count, using: &random) {
            let document = documents[neighbor]
            guard document.count <= free else { break }
            free -= document.count
            chosen.append(document)
        }
        guard !chosen.isEmpty else { return example }
        var all = TrainingExample(tokens: [], weights: [])
        for document in chosen.reversed() { all.append(document, weight: weight) }
        all.append(example.tokens.prefix(1), weight: weight)
        all.append(rest: example)
        return TrainingExample(tokens: all.tokens, weights: all.weights)
    }
}
