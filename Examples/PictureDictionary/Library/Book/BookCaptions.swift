internal import Basics
internal import Documents

extension Corpus {
    /// What an image parent that draws and captions trains on: images with their captions, in both
    /// orders, alone and in sentences, at the beginning of a document and behind other text.
    ///
    /// Every drawing that is not held out comes once per round, in a new order each time. Half of the
    /// documents begin with something else (``BookPreface``). One in six has the captioned image of
    /// another drawing as well, so that not only the first of a document is learned. Two captions in
    /// five follow their image, most of them as a sentence. The others precede it: in a conversation
    /// they are what the assistant says it is going to draw, its alternative text, and in half of
    /// these the name stands in what the user says; elsewhere most are in a sentence.
    static func bookCaptions(
        of concepts: [Concept],
        rounds: Int,
        painter: ScenePainter,
        preface: BookPreface,
        seed: UInt64
    ) -> Corpus {
        let drawings = concepts.flatMap { concept in
            concept.trainedDrawings.map { (concept, $0) }
        }
        return Corpus(count: drawings.count * rounds) { position in
            let (round, place) = position.quotientAndRemainder(dividingBy: drawings.count)
            let order = KeyedPermutation(count: drawings.count, seed: seed, epoch: round)
            var random = SeededGenerator(seed: seed, 5, UInt64(position))
            var shown = [drawings[order[place]]]
            if Int.random(in: 0..<6, using: &random) == 0 {
                shown.append(drawings[Int.random(in: 0..<drawings.count, using: &random)])
            }
            let (before, role) =
                Bool.random(using: &random)
                ? ([], nil) : preface.random(before: shown.map(\.0), using: &random)
            var segments = before
            for (concept, drawing) in shown {
                let scene = painter.randomScene(of: concept, drawing: drawing, using: &random)
                let isUsersTurn = segments.last?.role != .user && Bool.random(using: &random)
                segments += captioned(
                    scene,
                    by: painter,
                    roles: role.map { (first: isUsersTurn ? .user : $0, second: $0) },
                    using: &random
                )
            }
            return Document(segments)
        }
    }

    /// An image and its caption, in either order.
    private static func captioned(
        _ scene: Scene,
        by painter: ScenePainter,
        roles: (first: Role, second: Role)?,
        using random: inout SeededGenerator
    ) -> [Segment] {
        func caption(_ sentences: [(String, String)], bare: Int, _ role: Role?) -> Segment {
            let isBare = roles == nil && Int.random(in: 0..<20, using: &random) < bare
            let (before, after) =
                isBare ? ("", "") : sentences.randomElement(using: &random) ?? ("", "")
            return .text(before + scene.phrase + after, role: role)
        }
        let image = painter.image(of: scene)
        guard Int.random(in: 0..<5, using: &random) >= 2 else {
            return [.image(image, role: roles?.first), caption(remarks, bare: 8, roles?.second)]
        }
        guard let roles else {
            return [caption(announcements, bare: 5, nil), .image(image)]
        }
        let drawn = Segment.image(image, altText: scene.altText, role: roles.second)
        guard roles.first == .user else { return [drawn] }
        return [.text(question(with: scene, using: &random), role: .user), drawn]
    }

    /// A question of small talk with the name of a thing somewhere in it: nonsense, of which only the
    /// name says what to draw, so that it is found in words that were never trained.
    private static func question(with scene: Scene, using random: inout SeededGenerator) -> String {
        let wording = BookWordings.talk.trained.randomElement(using: &random) ?? ""
        var words = wording.template.split(separator: " ").map(String.init)
        let isBare = Int.random(in: 0..<3, using: &random) == 0
        let name = isBare ? scene.concept.name : scene.phrase
        words.insert(name, at: Int.random(in: 0...words.count, using: &random))
        return words.joined(separator: " ")
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
