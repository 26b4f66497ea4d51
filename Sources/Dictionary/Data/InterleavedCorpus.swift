import Basics
package import Documents

/// What tuning replays beside the parents' own data: their prose behind their images.
///
/// A text parent has never read on behind an image, and says less surely there what it knows by
/// heart. The image shows any concept of the tuning split and has nothing to do with the prose, so
/// nothing is learned here but that: to go on. Document `n` is a pure function of the seed and `n`.
package struct InterleavedCorpus: RandomAccessCollection, Sendable {
    private let seed: UInt64
    private let text: TextCorpus
    private let concepts: [Concept]
    private let painter: ScenePainter

    /// The number of documents.
    package let endIndex: Int

    /// Plans `count` documents; all prose of `text` comes once before any does again.
    init(
        text: TextCorpus,
        concepts: [Concept],
        painter: ScenePainter,
        count: Int,
        seed: UInt64
    ) {
        self.seed = seed
        self.text = text
        self.concepts = concepts.filter { $0.split == .tuning }
        self.painter = painter
        endIndex = count
    }

    /// The first document.
    package var startIndex: Int { 0 }

    /// Paints an image and writes what stands behind it.
    package subscript(position: Int) -> Document {
        precondition(indices.contains(position), "no document \(position)")
        var random = SeededGenerator(seed: seed, 4, UInt64(position))
        let concept = concepts[Int.random(in: 0..<concepts.count, using: &random)]
        let scene = painter.randomScene(of: concept, using: &random)
        let prose = text[position % text.count]
        return Document([.image(painter.image(of: scene))] + prose.segments)
    }
}
