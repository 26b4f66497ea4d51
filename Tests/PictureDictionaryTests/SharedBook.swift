import Documents
import JamTesting
import PictureDictionary

/// A picture book with a few drawings beside the emoji, built once for all tests.
///
/// The cat, the dog and the broom have plain drawings of different colors; 60 other animals have from
/// one drawing to three beside their emoji, all of them the same file.
enum SharedBook {
    /// The animals whose drawings are all alike.
    static let dotted: Set<String> = Set(animals)

    private static let animals = """
        lion tiger horse zebra deer ox cow pig boar ram goat camel giraffe elephant mammoth \
        rhinoceros hippopotamus mouse rat hamster rabbit chipmunk beaver hedgehog bat bear koala \
        panda sloth otter skunk kangaroo badger turkey chicken rooster penguin dove eagle duck swan \
        owl dodo feather flamingo peacock parrot frog crocodile turtle lizard snake dragon whale \
        dolphin seal fish octopus snail butterfly
        """.split(separator: " ").map(String.init)

    /// What the LLM says to a question after an image: the question.
    static func secondAnswer(to question: String) -> String {
        secondAnswer + question.replacing("\n", with: " / ")
    }

    /// How it begins.
    static let secondAnswer = "You asked: "

    private static let built = Result { try makeBooks() }

    static var book: PictureBook { get throws { try built.get().book } }

    /// The same without any answer of the LLM.
    static var silentBook: PictureBook { get throws { try built.get().silent } }

    private static func makeBooks() throws -> (book: PictureBook, silent: PictureBook) {
        let folder = try ScratchFolder()
        try folder.write("dot.png", png)
        for red in 0..<7 {
            let color = Color(red: UInt8(30 * red), green: 0, blue: 90)
            try folder.write("plain\(red).png", Image(width: 4, height: 4, fill: color).png())
        }
        let others = animals.enumerated().map { number, name in
            "\(name): " + Array(repeating: "dot", count: 1 + number % 3).joined(separator: " ")
        }
        let list =
            [
                "# A remark", "cat: plain0 plain1 plain6", "dog: plain2 plain3",
                "broom: plain4 plain5", "locked with key: plain6",
            ]
            + others
        try folder.write("openclipart.txt", list.joined(separator: "\n").utf8)
        func book(_ llmAnswers: [String: String]) throws -> PictureBook {
            try PictureBook(
                drawings: DrawingSources(clipArt: folder.path, names: folder.path),
                captionRounds: 1,
                conversationCount: 1000,
                llmAnswers: llmAnswers
            )
        }
        let first = [
            "What is a cat?": "A cat is a pet.", "Thanks!": "You are welcome.",
            "Do you know a joke?": "No.",
        ]
        let silent = try book([:])
        let second = silent.llmQuestions(after: first).map {
            ($0.text, secondAnswer(to: $0.text))
        }
        return (try book(first.merging(second) { old, _ in old }), silent)
    }

    /// A PNG file that Pillow wrote: 4 × 3 pixels, RGBA.
    ///
    /// All are transparent but those at (1, 1), red, and at (2, 1), blue with an alpha of 128.
    static let png: [UInt8] = [
        137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 4, 0, 0, 0, 3, 8, 6,
        0, 0, 0, 180, 244, 174, 198, 0, 0, 0, 17, 73, 68, 65, 84, 120, 156, 99, 96, 192, 6, 254, 67,
        80, 3, 86, 73, 0, 88, 229, 3, 126, 196, 27, 229, 248, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66,
        96, 130,
    ]
}
