/// One meaning in WordNet, and the words that have it.
struct Synset: Sendable, Equatable {
    let partOfSpeech: PartOfSpeech
    /// WordNet's topic, 0 to 44: `lex_filenum` of its manual page `lexnames(5WN)`.
    let field: Int
    /// The words, spelled with spaces; the most common first.
    let words: [String]
    /// Offsets of the more general meanings in the data file of the same part of speech.
    let hypernyms: [Int]
    /// Whether the meaning is an individual person, place or thing, such as a city.
    let isInstance: Bool
    let gloss: Gloss
}

/// WordNet has a file for each; the raw value is its extension.
enum PartOfSpeech: String, Sendable, CaseIterable {
    case noun, verb, adj, adv

    var name: String {
        switch self {
        case .noun: "noun"
        case .verb: "verb"
        case .adj: "adjective"
        case .adv: "adverb"
        }
    }
}

/// Those of WordNet's noun fields that images can show; the raw value is `lex_filenum`.
enum NounField: Int {
    case act = 4, animal, artifact, body = 8, cognition, communication, food = 13, location = 15
    case object = 17, person, phenomenon, plant, possession, shape = 25, substance = 27, time
}
