import PictureDictionary
import Testing

@Suite struct ConceptTests {
    @Test("Counts are within range") func countsAreWithinRange() throws {
        let concepts = try SharedDictionary.data.concepts
        let defined = concepts.filter { $0.definition != nil }
        let heldOut = defined.filter { $0.split == .heldOut }
        #expect((1250...1400).contains(concepts.count))
        #expect((550...700).contains(defined.count))
        #expect((80...150).contains(heldOut.count))
        #expect(Set(concepts.map(\.name)).count == concepts.count)
    }

    /// Prevents a change of the hash from moving trained concepts among the held-out ones.
    @Test("Split never moves") func splitNeverMoves() {
        for name in ["tiger", "bat", "umbrella", "elephant", "volcano", "rose"] {
            #expect(Concept.split(ofName: name) == .heldOut, "\(name)")
        }
        for name in ["cat", "dog", "carrot", "kite", "hook"] {
            #expect(Concept.split(ofName: name) == .tuning, "\(name)")
        }
    }

    /// Prevents an image from being explained by another meaning of its name.
    @Test(
        "Meaning is the imaged one",
        arguments: [
            ("bat", "mammal"), ("mouse", "rodent"), ("bug", "insect"), ("seal", "marine mammals"),
            ("kite", "plaything"), ("ring", "jewelry"),
            ("crown", "headdress"), ("bank", "building"), ("pick", "iron tool"),
            ("ram", "male sheep"),
            ("tiger", "feline"), ("turtle", "bony shell"), ("fly", "two-winged"),
            ("yarn", "fine cord"),
            ("hot dog", "frankfurter"), ("scorpion", "arachnid"), ("dolphin", "whales"),
            ("television", "electronic device"), ("abacus", "calculator"), ("toilet", "plumbing"),
            ("skunk", "mammal"), ("badger", "mammal"), ("chicken", "fowl"), ("olive", "fruit"),
        ]
    )
    func meaningIsTheImagedOne(name: String, said: String) throws {
        let definition = try #require(SharedDictionary.concept(name).definition)
        #expect(definition.text.contains(said), "\(definition.text)")
    }

    /// Prevents a wrong definition where WordNet lacks the right one.
    @Test(
        "No meaning is better than a wrong one",
        arguments: ["purple heart", "blue book", "closed book", "Leo", "wedding", "red apple"]
    )
    func noMeaningIsBetterThanAWrongOne(name: String) throws {
        #expect(try SharedDictionary.concept(name).definition == nil)
    }

    @Test(
        "Articles follow the sound",
        arguments: [
            ("apple", "an apple"), ("hourglass", "an hourglass"), ("unicorn", "a unicorn"),
            ("one-piece swimsuit", "a one-piece swimsuit"), ("x-ray", "an x-ray"), ("ewe", "a ewe"),
            ("ATM sign", "an ATM sign"), ("cat", "a cat"), ("umbrella", "an umbrella"),
        ]
    )
    func articlesFollowTheSound(noun: String, phrase: String) {
        #expect(NounPhrase(noun, .count).indefinite == phrase)
    }

    @Test("Forms take their articles") func formsTakeTheirArticles() {
        #expect(NounPhrase("grapes", .plural).indefinite(adjective: "small") == "small grapes")
        #expect(NounPhrase("bread", .mass).indefinite == "bread")
        let statue = NounPhrase("the Statue of Liberty", .proper)
        #expect(statue.indefinite == "the Statue of Liberty")
        #expect(statue.indefinite(adjective: "small") == "a small Statue of Liberty")
    }
}
