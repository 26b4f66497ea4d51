import Basics
public import Documents

/// What the image parent sees: pictures of all concepts with short captions, and no definitions.
///
/// Each document is a caption and its picture. Every concept comes once in every round through the
/// concepts, in another order each time. Document `n` is a pure function of the seed and `n`.
public struct CaptionCorpus: RandomAccessCollection, Sendable {
    private let seed: UInt64
    private let concepts: [Concept]
    private let painter: ScenePainter

    /// The number of documents.
    public let endIndex: Int

    /// Plans `rounds` pictures of each concept.
    init(concepts: [Concept], painter: ScenePainter, rounds: Int, seed: UInt64) {
        self.seed = seed
        self.concepts = concepts
        self.painter = painter
        endIndex = concepts.count * rounds
    }

    /// The first document.
    public var startIndex: Int { 0 }

    /// Paints and captions a picture.
    public subscript(position: Int) -> Document {
        precondition(indices.contains(position), "no document \(position)")
        let (round, place) = position.quotientAndRemainder(dividingBy: concepts.count)
        let order = KeyedPermutation(count: concepts.count, seed: seed, epoch: round)
        let concept = concepts[order[place]]
        var random = SeededGenerator(seed: seed, 1, UInt64(position))
        let scene = painter.randomScene(of: concept, using: &random)
        let caption = Self.caption(of: scene, using: &random)
        return Document([.text(caption), .picture(painter.picture(of: scene))])
    }

    /// The scene in words, one time in four with a keyword: "a red apple, fruit".
    private static func caption<Generator: RandomNumberGenerator>(
        of scene: Scene,
        using random: inout Generator
    ) -> String {
        guard Int.random(in: 0..<4, using: &random) == 0,
            let keyword = scene.concept.keywords.randomElement(using: &random)
        else { return scene.phrase }
        return "\(scene.phrase), \(keyword)"
    }
}
