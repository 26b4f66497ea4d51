import Basics
import Documents

extension Corpus {
    /// How captions are worded; the raw value selects the random stream.
    enum CaptionStyle: UInt64 {
        /// "a cat"
        case alone = 1
        /// "Here is a cat.", three times in four
        case inSentences = 3
    }

    /// What the image parent trains on: images with captions, without definitions.
    ///
    /// Every concept comes once per round, in a new order each time.
    /// A model trained only on captions that stand alone recognizes them by their position at the
    /// beginning, and draws nonsense after "Here is a cat". So captions come in sentences, too.
    static func captions(
        of concepts: [Concept],
        _ style: CaptionStyle,
        rounds: Int,
        painter: ScenePainter,
        seed: UInt64
    ) -> Corpus {
        Corpus(count: concepts.count * rounds) { position in
            let (round, place) = position.quotientAndRemainder(dividingBy: concepts.count)
            let order = KeyedPermutation(count: concepts.count, seed: seed, epoch: round)
            let concept = concepts[order[place]]
            var random = SeededGenerator(seed: seed, style.rawValue, UInt64(position))
            let scene = painter.randomScene(of: concept, using: &random)
            var caption = scene.phrase
            // One time in four a keyword follows: "a red apple, fruit".
            if Int.random(in: 0..<4, using: &random) == 0,
                let keyword = concept.keywords.randomElement(using: &random)
            {
                caption += ", \(keyword)"
            }
            if style == .inSentences, Int.random(in: 0..<4, using: &random) > 0 {
                let (before, after) = surroundings.randomElement(using: &random) ?? ("", "")
                caption = before + caption + after
            }
            return Document([.text(caption), .image(painter.image(of: scene))])
        }
    }

    /// Statements around a caption; questions and requests belong to the conversations.
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
