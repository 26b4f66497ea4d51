/// What the rules of ``SenseMatcher`` get wrong or cannot find: chosen by hand, image by image.
extension SenseMatcher {
    enum Review {
        /// WordNet lacks the meaning that the image shows, or defines it badly.
        case none
        /// The sense of the name with this number, from 1.
        case sense(Int)
        /// A sense of another word for the same thing.
        case word(String, Int)
    }

    /// The reviewed choice for a name; `nil` where the rules decide.
    static func review(of name: String) -> Review? {
        if withoutMeaning.contains(name) { return Review.none }
        return senses[name].map(Review.sense)
            ?? otherWords[name].map { Review.word($0.lemma, $0.sense) }
    }

    private static let withoutMeaning: Set<String> = [
        "Aquarius", "Aries", "Cancer", "Capricorn", "Gemini", "Leo", "Libra", "Ophiuchus",
        "Pisces", "Sagittarius", "Scorpio", "Taurus", "Virgo", "black flag", "blue book",
        "broken heart", "camping", "cityscape", "closed book", "collision", "construction",
        "cooking", "copyright", "customs", "deer", "divide", "e-mail", "eyes", "film projector",
        "genie", "handshake", "houses", "infinity", "information", "lotus", "middle finger",
        "minus", "national park", "new moon", "performing arts", "plus", "post office",
        "purple heart", "rugby football", "sparkle", "station", "warning", "wedding",
        "white flag",
    ]

    private static let senses: [String: Int] = [
        "Santa Claus": 1, "Statue of Liberty": 1, "abacus": 2, "bank": 9, "baseball": 2,
        "basketball": 2, "biohazard": 1, "bus stop": 1, "calendar": 3, "camera": 1, "castle": 2,
        "cinema": 2, "coconut": 2, "coral": 4, "crown": 4, "dolphin": 2, "dragon": 1,
        "droplet": 1, "family": 1, "fire": 3, "flying saucer": 1, "ghost": 3, "headstone": 2,
        "hedgehog": 2, "hook": 5, "hot dog": 2, "hut": 2, "joystick": 2, "kaaba": 1, "kiss": 1,
        "kite": 3, "label": 4, "ledger": 2, "lollipop": 2, "mount fuji": 1, "nail polish": 1,
        "person": 1, "pick": 7, "pill": 2, "radio": 2, "ribbon": 4, "ring": 8, "rosette": 1,
        "salt": 2, "seat": 3, "skier": 1, "skull": 1, "snowboarder": 1, "spaghetti": 2,
        "sparkler": 2, "spider web": 2, "sun": 1, "sunrise": 3, "sunset": 3, "television": 3,
        "toilet": 2, "tram": 3, "unicorn": 1, "volleyball": 2, "yarn": 2,
    ]

    private static let otherWords: [String: (lemma: String, sense: Int)] = [
        "T-Rex": ("tyrannosaurus rex", 1), "american football": ("football", 2),
        "artist palette": ("palette", 2), "baby bottle": ("feeding bottle", 1),
        "baby chick": ("chick", 1), "baguette bread": ("baguette", 1),
        "balance scale": ("balance", 12), "barber pole": ("barber's pole", 1),
        "black nib": ("nib", 1), "bullseye": ("dartboard", 1), "carousel horse": ("carousel", 2),
        "carpentry saw": ("saw", 2), "cheese wedge": ("cheese", 1), "chess pawn": ("pawn", 3),
        "clapper board": ("clapperboard", 1), "crossed swords": ("sword", 1),
        "deciduous tree": ("tree", 1), "dollar banknote": ("banknote", 1),
        "ear of corn": ("corn", 3), "electric plug": ("plug", 5), "euro banknote": ("banknote", 1),
        "evergreen tree": ("evergreen", 1), "fallen leaf": ("leaf", 1),
        "flying disc": ("frisbee", 1), "framed picture": ("picture", 2),
        "front-facing baby chick": ("chick", 1), "fuel pump": ("gas pump", 1),
        "funeral urn": ("urn", 1), "game die": ("die", 1), "gem stone": ("gem", 2),
        "graduation cap": ("mortarboard", 2), "hatching chick": ("chick", 1),
        "hiking boot": ("boot", 1), "hindu temple": ("temple", 1),
        "horizontal traffic light": ("traffic light", 1), "hot springs": ("hot spring", 1),
        "hourglass done": ("hourglass", 1), "hourglass not done": ("hourglass", 1),
        "jack-o-lantern": ("jack-o'-lantern", 2), "locked": ("padlock", 1),
        "long drum": ("drum", 1), "magic wand": ("wand", 1),
        "magnifying glass tilted left": ("magnifying glass", 1),
        "magnifying glass tilted right": ("magnifying glass", 1),
        "manual wheelchair": ("wheelchair", 1), "maple leaf": ("leaf", 1),
        "military helmet": ("helmet", 2), "military medal": ("medal", 1),
        "motor boat": ("motorboat", 1), "mouse trap": ("mousetrap", 1),
        "nazar amulet": ("amulet", 1), "nesting dolls": ("doll", 1),
        "one-piece swimsuit": ("swimsuit", 1), "open book": ("book", 1), "peanuts": ("peanut", 4),
        "poultry leg": ("drumstick", 1), "pound banknote": ("banknote", 1),
        "red paper lantern": ("lantern", 1), "round pushpin": ("pushpin", 1),
        "shinto shrine": ("shrine", 1), "spiral notepad": ("notepad", 1),
        "sports medal": ("medal", 1), "straight ruler": ("ruler", 2),
        "triangular ruler": ("triangle", 4), "tumbler glass": ("tumbler", 2),
        "two-hump camel": ("bactrian camel", 1), "vertical traffic light": ("traffic light", 1),
        "white cane": ("cane", 1), "wine glass": ("wineglass", 1), "woman’s boot": ("boot", 1),
        "woman’s sandal": ("sandal", 1), "yen banknote": ("banknote", 1),
    ]
}
