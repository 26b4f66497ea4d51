internal import Basics
package import Vocabulary

/// Documents with one objective.
package struct ExampleSource: Sendable {
    /// The name in messages.
    package let name: String
    /// The documents as tokens.
    package let sequences: [TokenSequence]
    package let objective: Objective
    /// The retrieved documents that precede the documents.
    package let retrieved: RetrievedDocuments?
    /// The share of the examples, relative to the weights of the other sources; by default, the
    /// number of documents.
    package let weight: Double

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

    /// A digest of all documents in their order, of what is whose in them, and of what was retrieved:
    /// who resumes a run needs the same ones.
    ///
    /// Which codes an image has is not in it: on another machine one in thousands may be another.
    func digest(in space: TokenSpace) -> String {
        func check(_ numbers: [Int]) -> UInt64 {
            numbers.withUnsafeBytes { SHA256.check(of: $0) }
        }
        func withoutCodes(_ tokens: [TokenID]) -> [Int] {
            tokens.map { space.image.contains($0) ? -1 : $0 }
        }
        let documents = sequences.map { sequence in
            let bounds = sequence.answers + sequence.pieces.flatMap { [$0.range, $0.frame] }
            return check(
                withoutCodes(sequence.tokens) + [-2]
                    + bounds.flatMap { [$0.lowerBound, $0.upperBound] }
            )
        }
        let others = retrieved?.tokens.map { check(withoutCodes($0)) } ?? []
        return (documents + others).withUnsafeBytes { SHA256.hex(of: $0) }
    }

    /// The example of the document at `index`; equal generators give equal examples.
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

/// The position in a mixture: all that continuing there needs.
package struct MixturePosition: Sendable, Equatable {
    /// The number of examples drawn from each source, in the order of the sources.
    package var drawn: [Int]

    /// The number of examples drawn in all.
    package var total: Int { drawn.reduce(0, +) }
}

/// The document that an example was made from.
package struct ExampleOrigin: Sendable, Equatable {
    package let source: Int
    package let document: Int
    /// How often all documents of the source were drawn before.
    package let epoch: Int
}

/// An endless stream of examples from several sources, a function of the seed.
///
/// At every moment each source has its share of the examples, rounded to complete documents. Each
/// epoch of a source has all of its documents in a new random order.
package struct Mixture: Sendable {
    package let sources: [ExampleSource]
    package private(set) var position: MixturePosition
    private let space: TokenSpace
    private let seed: UInt64
    private let shares: [Double]
    private var orders: [(epoch: Int, order: KeyedPermutation)]

    /// - Throws: ``DataError`` if a source is empty, its weight is not positive, its objective
    ///   needs a special token that the vocabulary lacks, or a document has nothing to train on.
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

    /// Moves to a position of an equal mixture.
    package mutating func move(to position: MixturePosition) throws(DataError) {
        guard position.drawn.count == sources.count,
            position.drawn.allSatisfy({ (0...1 << 48).contains($0) })
        else {
            throw .position(sources: position.drawn.count, expected: sources.count)
        }
        self.position = position
    }

    /// The next example; the position stays.
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

    /// Moves by one example.
    package mutating func skip() {
        position.drawn[nextSource()] += 1
    }

    /// The source that lacks most of its share; the first of several.
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
