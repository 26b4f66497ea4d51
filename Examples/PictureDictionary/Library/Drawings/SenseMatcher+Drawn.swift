/// The meanings of names that only clip art has, where the rules choose a wrong one:
/// chosen by hand.
extension SenseMatcher {
    /// The reviewed choice; `nil` where the rules decide.
    static func review(ofDrawn name: String) -> Review? {
        if withoutDrawnMeaning.contains(name) { return Review.none }
        return drawnSenses[name].map(Review.sense)
            ?? otherDrawnWords[name].map { Review.word($0.lemma, $0.sense) }
    }

    private static let withoutDrawnMeaning: Set<String> = [
        "Christmas bells", "black cat", "hut", "junk", "meat grinder", "oil pump", "pants",
        "ruins", "wedding rings",
    ]

    private static let drawnSenses: [String: Int] = [
        "Mercury": 3, "Neptune": 2, "Uranus": 2, "almond": 2, "apricot": 2, "barrel": 2,
        "birch": 2, "bishop": 3, "blackbird": 2, "bluebird": 2, "caboose": 2, "cake": 3,
        "calculator": 2, "campfire": 1, "chain": 3, "cherimoya": 2, "clown": 2, "column": 6,
        "crane": 5, "crayfish": 3, "cuckoo": 2, "donkey": 2, "explosion": 2, "ferret": 2,
        "ginger": 3, "glass": 2, "graveyard": 1, "heron": 2, "highlighter": 2, "iron": 4,
        "king": 10, "lark": 3, "lettuce": 3, "lime": 6, "magnolia": 2, "mallet": 3, "marker": 3,
        "monitor": 4, "mug": 4, "mussel": 2, "oak": 2, "ostrich": 2, "pacifier": 3,
        "pattypan squash": 2, "pecan": 3, "pitcher": 2, "plate": 4, "plum": 2, "pomegranate": 2,
        "pumpkin": 2, "pyramid": 3, "rake": 3, "raspberry": 2, "record": 2, "rhea": 2, "ruler": 2,
        "screw": 4, "seahorse": 2, "server": 3, "slug": 7, "spade": 2, "swallow": 3, "van": 5,
        "wasp": 2, "yak": 2,
    ]

    private static let otherDrawnWords: [String: (lemma: String, sense: Int)] = [
        "concrete mixer truck": ("concrete mixer", 1), "dumper": ("dump truck", 1),
    ]
}
