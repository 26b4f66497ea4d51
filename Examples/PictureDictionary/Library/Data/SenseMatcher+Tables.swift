extension SenseMatcher {
    /// The noun fields that images of a CLDR group can show.
    static func fields(of group: String?) -> Set<NounField> {
        guard let group else { return anyThing }
        switch group {
        case "animal-mammal", "animal-bird", "animal-amphibian", "animal-reptile", "animal-bug",
            "animal-marine":
            return [.animal]
        case "plant-flower", "plant-other":
            return [.plant, .artifact, .object]
        case "food-fruit", "food-vegetable", "food-prepared", "food-asian", "food-sweet", "drink":
            return [.food, .artifact, .substance]
        case "place-geographic", "sky & weather", "place-map", "place-other":
            return [.object, .artifact, .phenomenon, .location, .time]
        case "person", "person-role", "person-activity", "person-gesture", "family":
            return [.person]
        case "person-fantasy", "face-fantasy":
            return [.person, .cognition, .artifact, .animal]
        case "body": return [.body, .act, .communication]
        case "emotion": return [.artifact, .communication, .object]
        case "sport", "game", "event", "person-sport", "award-medal", "arts & crafts":
            return [.artifact, .act, .communication, .possession]
        case "other-symbol", "alphanum", "geometric", "religion", "av-symbol", "arrow", "zodiac":
            return [.communication, .shape, .artifact]
        default: return anyThing
        }
    }

    private static let anyThing: Set<NounField> = [
        .artifact, .animal, .plant, .food, .object, .body, .substance, .communication, .possession,
        .person, .phenomenon,
    ]
}
