import Basics
package import Documents

/// What the image parent sees: images of all concepts with short captions, and no definitions.
///
/// The captions stand alone or in sentences. A model that has read only captions that stand alone
/// finds them by their place, right at the beginning, and draws nonsense after "Here is a cat".
/// Each document is a caption and its image. Every concept comes once in every round through the
/// concepts, in another order each time. Document `n` is a pure function of the seed and `n`.
package struct CaptionCorpus: RandomAccessCollection, Sendable {
    private let seed: UInt64
    private let concepts: [Concept]
    private let painter: ScenePainter
    private let style: Style

    /// How captions are said; each has its own stream of random numbers.
    enum Style: UInt64 {
        /// "a cat"
        case alone = 1
        /// "Here is a cat.", three times in four
        case inSentences = 3
    }

    /// The number of documents.
    package let endIndex: Int

    /// Plans `rounds` images of each concept.
    init(
        concepts: [Concept],
        painter: ScenePainter,
        _ style: Style,
        rounds: Int,
        seed: UInt64
    ) {
        self.seed = seed
        self.style = style
        self.concepts = concepts
        self.painter = painter
        endIndex = concepts.count * rounds
    }

    /// The first document.
    package var startIndex: Int { 0 }

    /// Paints and captions an image.
    package subscript(position: Int) -> Document {
        precondition(indices.contains(position), "no document \(position)")
        let (round, place) = position.quotientAndRemainder(dividingBy: concepts.count)
        let order = KeyedPermutation(count: concepts.count, seed: seed, epoch: round)
        let concept = concepts[order[place]]
        var random = SeededGenerator(seed: seed, style.rawValue, UInt64(position))
        let scene = painter.randomScene(of: concept, using: &random)
        var caption = Self.caption(of: scene, using: &random)
        if style == .inSentences, Int.random(in: 0..<4, using: &random) > 0 {
            caption = Self.sentence(about: caption, using: &random)
        }
        return Document([.text(caption), .image(painter.image(of: scene))])
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

    /// A statement about an image; questions and requests belong to the conversations.
    private static func sentence<Generator: RandomNumberGenerator>(
        about caption: String,
        using random: inout Generator
    ) -> String {
        let (before, after) = surroundings.randomElement(using: &random) ?? ("", "")
        return before + caption + after
    }

    private static let surroundings = [
        ("Here is ", ""), ("Here is ", "."), ("Here is ", ":"), ("This is ", "."),
        ("This picture shows ", "."), ("A picture of ", ":"), ("In the picture there is ", "."),
        ("It is ", "!"), ("I see ", "."), ("You see ", " here."), ("Look, ", "!"),
        ("What else: ", "."), ("There was ", ", and nothing else."), ("The next one is ", ":"),
        ("My sister has painted ", " for me."), ("Not far from here stood ", "."),
        ("On the first page of the book was ", "."), ("I have dreamed of ", " again."),
        ("Picture: ", ""), ("Once more, and this time larger: ", "."),
        ("Of all that the shop had to offer he took ", ", of course."),
        ("What you asked for, ", ", is on the left."), ("", "."), ("", ":"),
    ]
}
