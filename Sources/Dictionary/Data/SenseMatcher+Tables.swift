/// What the rules of ``SenseMatcher`` need to know and cannot derive.
extension SenseMatcher {
    /// The fields of meaning that images of a group can show.
    static func fields(of group: String?) -> Set<Int> {
        guard let group else { return anyThing }
        switch group {
        case "animal-mammal", "animal-bird", "animal-amphibian", "animal-reptile", "animal-bug":
            return [NounField.animal]
        case "animal-marine": return [NounField.animal]
        case "plant-flower", "plant-other":
            return [NounField.plant, NounField.artifact, NounField.object]
        case "food-fruit", "food-vegetable", "food-prepared", "food-asian", "food-sweet", "drink":
            return [NounField.food, NounField.artifact, NounField.substance]
        case "place-geographic", "sky & weather", "place-map", "place-other":
            return [
                NounField.object, NounField.artifact, NounField.phenomenon, NounField.location,
                NounField.time,
            ]
        case "person", "person-role", "person-activity", "person-gesture", "family":
            return [NounField.person]
        case "person-fantasy", "face-fantasy":
            return [NounField.person, NounField.cognition, NounField.artifact, NounField.animal]
        case "body": return [NounField.body, NounField.act, NounField.communication]
        case "emotion": return [NounField.artifact, NounField.communication, NounField.object]
        case "sport", "game", "event", "person-sport", "award-medal", "arts & crafts":
            return [
                NounField.artifact, NounField.act, NounField.communication, NounField.possession,
            ]
        case "other-symbol", "alphanum", "geometric", "religion", "av-symbol", "arrow", "zodiac":
            return [NounField.communication, NounField.shape, NounField.artifact]
        default: return anyThing
        }
    }

    private static let anyThing: Set<Int> = [
        NounField.artifact, NounField.animal, NounField.plant, NounField.food, NounField.object,
        NounField.body, NounField.substance, NounField.communication, NounField.possession,
        NounField.person, NounField.phenomenon,
    ]
}
