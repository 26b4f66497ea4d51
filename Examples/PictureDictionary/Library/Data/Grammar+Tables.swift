/// Exceptions to the rules of ``Grammar``.
extension Grammar {
    /// Proper names, with their article.
    static let properNames: [String: String] = [
        "Santa Claus": "Santa Claus", "Mrs. Claus": "Mrs. Claus",
        "Statue of Liberty": "the Statue of Liberty", "Tokyo tower": "the Tokyo tower",
        "Aries": "Aries", "Taurus": "Taurus", "Gemini": "Gemini", "Cancer": "Cancer",
        "Leo": "Leo", "Virgo": "Virgo", "Libra": "Libra", "Scorpio": "Scorpio",
        "Sagittarius": "Sagittarius", "Capricorn": "Capricorn", "Aquarius": "Aquarius",
        "Pisces": "Pisces", "dna": "DNA", "milky way": "the milky way", "mount fuji": "Mount Fuji",
        "Ophiuchus": "Ophiuchus", "Mercury": "Mercury", "Venus": "Venus", "Earth": "the Earth",
        "Mars": "Mars", "Jupiter": "Jupiter", "Saturn": "Saturn", "Uranus": "Uranus",
        "Neptune": "Neptune", "Eiffel tower": "the Eiffel tower",
    ]

    /// Uncountable nouns: no "a", and "is".
    static let massNouns: Set<String> = [
        "bacon", "badminton", "batter", "bowling", "bread", "broccoli", "butter", "candy", "cash",
        "cheese", "chocolate", "clothing", "coral", "corn", "cutlery", "custard", "dna", "dough",
        "equipment", "fabric", "falafel", "fire", "fog", "flesh", "food", "footwear", "furniture",
        "garlic", "ginger", "handwear", "headgear", "hockey", "hosiery", "jewelry", "lacrosse",
        "neckwear", "honey", "ice", "infinity", "karaoke", "leather", "leavening", "liquid",
        "liquor", "luggage", "material", "matter", "meat", "mate", "milk", "money", "oden",
        "popcorn", "poultry", "rain", "rice", "sake", "salt", "sand", "scenery", "skin", "smog",
        "snow", "soap", "soccer", "racing", "soup", "spaghetti", "sugar", "sushi", "tea", "tempura",
        "lasagna", "lavender", "lemonade", "lettuce", "lightning", "tennis", "thread", "thyme",
        "water", "wind", "wine", "wood", "yarn", "yoga",
    ]

    /// Plurals that do not look like one, or whose singular is another word.
    static let pluralNouns: Set<String> = [
        "people", "men", "women", "feet", "teeth", "goggles", "scissors", "glasses", "sunglasses",
        "briefs", "shorts", "jeans", "beads", "binoculars", "maracas", "pants", "pliers", "shears",
        "skis",
    ]

    /// Singular nouns that end like plurals.
    static let singularsInS: Set<String> = [
        "bus", "trolleybus", "series", "species", "lens", "means", "gas", "canvas", "texas",
        "molasses", "news", "mathematics", "physics", "genus", "summons", "gallows",
        "triceratops",
    ]

    /// First words of a gloss that take no article.
    static let determiners: Set<String> = [
        "a", "an", "the", "any", "some", "someone", "something", "anyone", "anything", "one", "two",
        "three", "four", "several", "many", "each", "either", "all", "that", "those", "this", "his",
        "what", "whatever", "where", "who", "whoever", "when", "how", "being", "making", "giving",
        "having", "about", "in", "on", "of", "to", "at", "used", "especially", "usually", "most",
        "more", "both", "half", "your", "their", "it", "ones", "various", "such", "another",
    ]

    /// Words that take "the" instead of "a".
    static let superlatives: Set<String> = ["largest", "tallest", "smallest", "only", "first"]

    /// Words that end a noun phrase.
    static let stopWords: Set<String> = [
        "of", "with", "without", "and", "or", "on", "in", "at", "by", "for", "from", "to", "into",
        "over", "under", "behind", "between", "around", "along", "through", "as", "than", "that",
        "which", "who", "whose", "where", "when", "while", "because", "but", "not", "if", "is",
        "are", "was", "were", "has", "have", "having", "used", "made", "containing", "consisting",
        "resembling", "worn", "using", "being", "bearing", "holding", "giving", "forming",
        "producing", "designed", "intended", "attached", "found", "native", "eaten", "cooked",
        "covered", "filled", "formed", "grown", "built", "held", "driven", "caused", "shaped",
        "employed", "served", "played", "given", "equipped", "suspended", "placed", "set", "kept",
        "usually", "often", "especially", "typically", "such", "like", "about", "above", "below",
        "near", "during", "against", "across", "inside", "outside", "off", "out", "up", "down",
        "flavored", "baked", "connected", "mounted", "composed", "constructed", "operated",
        "powered", "propelled", "hung", "noted", "characterized", "related", "living", "similar",
        "larger", "smaller", "showing", "savoring", "lifting", "facing", "doing", "able", "capable",
        "rich", "since", "domesticated", "bred", "wrapped", "frozen", "melted", "preserved", "it",
        "you", "he", "they", "a", "an", "the",
    ]
}
