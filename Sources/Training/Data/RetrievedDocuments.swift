internal import Basics
internal import Retrieving
package import Vocabulary

/// Documents of a memory bank that stand before the samples of a source (RA-CM3, section 3.2).
///
/// A sample begins `<eos> document <eos> document <eos> …`: each of the documents as it would stand
/// alone. Predicting them counts little.
package struct RetrievedDocuments: Sendable {
    /// The tokens of the documents, without the `<eos>` at their ends.
    private let documents: [[TokenID]]
    /// For each sample, which documents are near it, the nearest first.
    private var neighbors: [[Int]]
    /// The most that stand before one sample.
    private let limit: Int
    /// What predicting them counts.
    private var weight: Float
    /// The most tokens of a sample and its documents together.
    private let length: Int

    /// Joins documents with the samples that they are near.
    ///
    /// - Parameters:
    ///   - documents: what was found for any sample.
    ///   - neighbors: for each sample, indices of documents, the nearest first.
    ///   - limit: the most that stand before one sample.
    ///   - weight: the loss weight of predicting them; 0.1 is that of RA-CM3.
    ///   - length: the most tokens of a sample and its documents together.
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

    /// The same for some of the samples only.
    subscript(samples: Range<Int>) -> RetrievedDocuments {
        var part = self
        part.neighbors = Array(neighbors[samples])
        return part
    }

    /// The same for measuring, where predicting them counts nothing.
    var unweighted: RetrievedDocuments {
        var documents = self
        documents.weight = 0
        return documents
    }

    /// The example of sample number `sample` behind some of its documents.
    ///
    /// Their number is drawn from 0 to ``limit``, each equally likely, and then which of the near ones
    /// they are. The nearest stands last. What would make the example too long is left out, and what is
    /// farther.
    func example(
        _ example: TrainingExample,
        of sample: Int,
        using random: inout SeededGenerator
    ) -> TrainingExample {
        let count = Int.random(in: 0...limit, using: &random)
        var room = length - example.tokens.count
        var chosen: [[TokenID]] = []
        for index in neighbors[sample].sample(count, using: &random) {
            let document = documents[index]
            guard document.count <= room else { break }
            room -= document.count
            chosen.append(document)
        }
        guard !chosen.isEmpty else { return example }
        var whole = TrainingExample(tokens: [], weights: [])
        for document in chosen.reversed() { whole.append(document, weight: weight) }
        whole.append(example.tokens.prefix(1), weight: weight)
        whole.append(rest: example)
        return TrainingExample(tokens: whole.tokens, weights: whole.weights)
    }
}
