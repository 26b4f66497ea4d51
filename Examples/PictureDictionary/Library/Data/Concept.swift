/// A thing that the dictionary has an image of, and mostly also a definition.
package struct Concept: Sendable, Equatable, Identifiable {
    package enum Split: Sendable {
        /// Four fifths: conversations train on it.
        case tuning
        /// One fifth: in no conversation; the fused model is asked about it.
        case heldOut
    }

    /// The name, such as "red apple".
    package let phrase: NounPhrase
    /// Other words that it is known by.
    let keywords: [String]
    /// What it is, if WordNet has the meaning that the image shows.
    package let definition: Definition?
    /// Its drawings, of which the first is the usual one.
    package private(set) var drawings: [Drawing]

    package var name: String { phrase.noun }
    /// The name: no two concepts share one.
    package var id: String { name }

    mutating func add(_ drawing: Drawing) { drawings.append(drawing) }

    /// The split of the defined word, or of the name where there is no definition.
    ///
    /// It depends on nothing else, so two images of one word, such as two chicks, share a split.
    package var split: Split { Self.split(ofName: definition?.phrase.noun ?? name) }

    /// Held out if the 64-bit FNV-1a hash of the word is divisible by five.
    package static func split(ofName name: String) -> Split {
        hash(of: name) % 5 == 0 ? .heldOut : .tuning
    }

    /// The 64-bit FNV-1a hash.
    static func hash(of text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}

/// WordNet's definition of a concept.
package struct Definition: Sendable, Equatable {
    /// The word that is defined: the concept's name, or its singular.
    package let phrase: NounPhrase
    /// With its article: "a feline mammal usually having thick soft fur".
    package let text: String
    let synonyms: [String]
    /// A more general word, such as "edible fruit".
    let kind: String?
    /// WordNet's field; `nil` for one that images seldom show.
    let field: NounField?

    /// The beginning of the sentence: "A cat is".
    var lead: String { "\(phrase.indefinite.capitalizedFirst) \(phrase.verb)" }

    /// The full sentence, such as "A cat is a feline mammal usually having thick soft fur".
    package var sentence: String { "\(lead) \(text)\(text.hasSuffix(".") ? "" : ".")" }
}
