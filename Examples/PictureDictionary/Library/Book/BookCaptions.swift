internal import Basics
internal import Documents

extension Corpus {
    /// What an image parent that draws and captions trains on: images with their captions, in both
    /// orders, alone and in sentences.
    ///
    /// Every drawing that is not held out comes once per round, in a new order each time. Two
    /// documents in five begin with the image. In three in five of those, and in three in four of the
    /// others, the caption is in a sentence.
    static func bookCaptions(
        of concepts: [Concept],
        rounds: Int,
        painter: ScenePainter,
        seed: UInt64
    ) -> Corpus {
        let drawings = concepts.flatMap { concept in
            concept.trainedDrawings.map { (concept, $0) }
        }
        return Corpus(count: drawings.count * rounds) { position in
            let (round, place) = position.quotientAndRemainder(dividingBy: drawings.count)
            let order = KeyedPermutation(count: drawings.count, seed: seed, epoch: round)
            let (concept, drawing) = drawings[order[place]]
            var random = SeededGenerator(seed: seed, 5, UInt64(position))
            let scene = painter.randomScene(of: concept, drawing: drawing, using: &random)
            let image = Segment.image(painter.image(of: scene))
            if Int.random(in: 0..<5, using: &random) < 2 {
                let isAlone = Int.random(in: 0..<5, using: &random) < 2
                let (before, after) =
                    isAlone ? ("", "") : remarks.randomElement(using: &random) ?? ("", "")
                return Document([image, .text(before + scene.phrase + after)])
            }
            let isAlone = Int.random(in: 0..<4, using: &random) == 0
            let (before, after) =
                isAlone ? ("", "") : announcements.randomElement(using: &random) ?? ("", "")
            return Document([.text(before + scene.phrase + after), image])
        }
    }

    /// Statements before an image; questions and requests belong to the conversations.
    private static let announcements = [
        ("Here is ", ""), ("Here is ", "."), ("Here is ", ":"), ("This is ", "."),
        ("That is ", "."),
        ("This picture shows ", "."), ("A picture of ", ":"), ("In the picture there is ", "."),
        ("It is ", "!"), ("I see ", "."), ("You see ", " here."), ("Look, ", "!"),
        ("What else: ", "."), ("There was ", ", and nothing else."), ("The next one is ", ":"),
        ("My sister has painted ", " for me."), ("Not far from here stood ", "."),
        ("On the first page of the book was ", "."), ("I have dreamed of ", " again."),
        ("Picture: ", ""), ("Once more, and this time larger: ", "."),
        ("Of all that the shop had to offer he took ", ", of course."),
        ("What you asked for, ", ", is on the left."), ("", "."), ("", ":"),
        ("Sure! Here is ", "."),
        ("That must be ", "."), ("It sounds like ", ". It looks like this:"),
        ("They wanted ", ", so I drew it."), ("We talked about ", " yesterday.\n"),
    ]

    /// Statements after an image.
    private static let remarks = [
        ("It is ", "."), ("This is ", "."), ("That is ", "."), ("It shows ", "."),
        ("The picture shows ", "."), ("Here you see ", "."), ("I see ", "."),
        ("You see ", " here."),
        ("What you see is ", "."), ("In the picture there is ", "."), ("It looks like ", "."),
        ("I think that it is ", "."), ("Yes, it is ", "."), ("Above is ", "."),
        ("We are looking at ", "."), ("Somebody has drawn ", "."), ("That must be ", "."),
        (" A picture of ", "."), ("\nIt is ", "."), ("\n", "."),
    ]
}
