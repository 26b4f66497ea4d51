internal import Basics
package import Vocabulary

/// Documents of one kind, and how they are learned.
package struct ExampleSource: Sendable {
    /// What reports call the source.
    package let name: String
    /// The documents as tokens.
    package let sequences: [TokenSequence]
    /// How a document becomes an example.
    package let objective: Objective
    /// What stands before its documents, if anything does.
    package let retrieved: RetrievedDocuments?
    /// How often documents of this source come, relative to the weights of the others.
    package let weight: Double

    /// Makes a source.
    ///
    /// - Parameters:
    ///   - name: what reports call the source.
    ///   - sequences: the documents as tokens.
    ///   - objective: how a document becomes an example.
    ///   - retrieved: what stands before the documents.
    ///   - weight: `nil` makes each document come as often as one of any other such source.
    package init(
        _ name: String,
        _ sequences: [TokenSequence],
        objective: Objective,
        retrieved: RetrievedDocuments? = nil,
        weight: Double? = nil
    ) {
        self.name = name
        self.sequences = sequences
        self.objective = objective
        self.retrieved = retrieved
        self.weight = weight ?? Double(sequences.count)
    }

    /// The example that the document at `index` makes, with the random choices that `random` holds.
    func example(
        of index: Int,
        in space: TokenSpace,
        using random: inout SeededGenerator
    ) -> TrainingExample {
        let example = objective.example(of: sequences[index], in: space, using: &random)
        guard let retrieved else { return example }
        return retrieved.example(example, of: index, using: &random)
    }
}

/// Where a mixture stands: for each source, how many examples were drawn.
///
/// Nothing else is needed to go on exactly there.
package struct MixturePosition: Sendable, Equatable {
    /// The number of examples drawn from each source, in the order of the sources.
    package var drawn: [Int]

    /// The number of examples drawn in all.
    package var total: Int { drawn.reduce(0, +) }
}

/// Which document an example was made of.
package struct ExampleOrigin: Sendable, Equatable {
    /// The index of the source.
    package let source: Int
    /// The index of the document in its source.
    package let document: Int
    /// How often all documents of the source had come before.
    package let epoch: Int
}

/// An endless stream of examples from several sources, in an order that is a function of the seed.
///
/// Sources take turns so that at every moment each has given its share as nearly as whole documents
/// allow. Within a source each epoch goes through all documents in a new order.
package struct Mixture: Sendable {
    /// The sources.
    package let sources: [ExampleSource]
    /// Where the stream stands.
    package private(set) var position: MixturePosition
    private let space: TokenSpace
    private let seed: UInt64
    private let shares: [Double]
    private var orders: [(epoch: Int, order: KeyedPermutation)]

    /// Begins the stream that belongs to `seed`.
    ///
    /// - Throws: ``DataError`` if a source is empty, its weight is not positive, its objective needs
    ///   a special token that the vocabulary lacks, or a document has nothing to learn.
    package init(_ sources: [ExampleSource], in space: TokenSpace, seed: UInt64) throws(DataError) {
        guard !sources.isEmpty else { throw .noSources }
        for source in sources { try source.check(in: space) }
        self.sources = sources
        self.space = space
        self.seed = seed
        let sum = sources.reduce(0) { $0 + $1.weight }
        shares = sources.map { $0.weight / sum }
        position = MixturePosition(drawn: sources.map { _ in 0 })
        orders = sources.enumerated().map { index, source in
            (
                0,
                KeyedPermutation(
                    count: source.sequences.count,
                    seed: seed &+ UInt64(index),
                    epoch: 0
                )
            )
        }
    }

    /// Goes to a position that an equal mixture has had.
    package mutating func move(to position: MixturePosition) throws(DataError) {
        guard position.drawn.count == sources.count,
            position.drawn.allSatisfy({ (0...1 << 48).contains($0) })
        else {
            throw .position(sources: position.drawn.count, expected: sources.count)
        }
        self.position = position
    }

    /// The example that comes next, and what it is made of; the stream stays where it is.
    package mutating func peek() -> (example: TrainingExample, origin: ExampleOrigin) {
        let origin = nextOrigin()
        var generator = SeededGenerator(
            seed: seed,
            UInt64(origin.source),
            UInt64(origin.epoch),
            UInt64(origin.document)
        )
        let source = sources[origin.source]
        return (source.example(of: origin.document, in: space, using: &generator), origin)
    }

    /// Moves on by one example.
    package mutating func skip() {
        position.drawn[nextSource()] += 1
    }

    /// The source that is furthest behind its share; the first of those that are equally far.
    private func nextSource() -> Int {
        let next = Double(position.total + 1)
        let deficits = zip(shares, position.drawn).map { $0 * next - Double($1) }
        return deficits.indices.max { (deficits[$0], -$0) < (deficits[$1], -$1) } ?? 0
    }

    private mutating func nextOrigin() -> ExampleOrigin {
        let source = nextSource()
        let count = sources[source].sequences.count
        let (epoch, index) = position.drawn[source].quotientAndRemainder(dividingBy: count)
        if orders[source].epoch != epoch {
            let order = KeyedPermutation(count: count, seed: seed &+ UInt64(source), epoch: epoch)
            orders[source] = (epoch, order)
        }
        return ExampleOrigin(source: source, document: orders[source].order[index], epoch: epoch)
    }
}
