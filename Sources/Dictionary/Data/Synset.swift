/// One meaning in WordNet, and the words that have it.
struct Synset: Sendable, Equatable {
    let partOfSpeech: PartOfSpeech
    /// WordNet's sorting of meanings, 0 to 44: `lex_filenum` of its manual page `lexnames(5WN)`.
    let field: Int
    /// The words, spelled with spaces; the commonest first.
    let words: [String]
    /// Where the more general meanings stand in the data file of the same part of speech.
    let hypernyms: [Int]
    /// Whether the meaning is one person, place or thing, such as a city.
    let isInstance: Bool
    /// What the meaning is, with examples.
    let gloss: Gloss
}

/// The four files that WordNet is divided into; the raw value is the end of the file's name.
enum PartOfSpeech: String, Sendable, CaseIterable {
    case noun, verb, adj, adv

    /// The full word.
    var name: String {
        switch self {
        case .noun: "noun"
        case .verb: "verb"
        case .adj: "adjective"
        case .adv: "adverb"
        }
    }
}

/// The fields of nouns that things which can be imaged belong to.
enum NounField {
    static let act = 4
    static let animal = 5
    static let artifact = 6
    static let body = 8
    static let cognition = 9
    static let communication = 10
    static let event = 11
    static let food = 13
    static let group = 14
    static let location = 15
    static let object = 17
    static let person = 18
    static let phenomenon = 19
    static let plant = 20
    static let possession = 21
    static let shape = 25
    static let state = 26
    static let substance = 27
    static let time = 28
}
