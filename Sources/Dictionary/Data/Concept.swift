/// A thing that the dictionary has an image of, and mostly also a definition.
package struct Concept: Sendable, Equatable, Identifiable {
    /// What a concept is used for.
    package enum Split: String, Sendable, Hashable {
        /// Four fifths: conversations about it are trained on.
        case tuning
        /// One fifth: never in a conversation, and what the fused model is asked about.
        case heldOut
    }

    /// The character whose image it is.
    package let id: Unicode.Scalar
    /// The name, such as "red apple".
    package let phrase: NounPhrase
    /// Words that it is known by beside its name.
    package let keywords: [String]
    /// What it is, if WordNet knows this very meaning.
    package let definition: Definition?

    /// Makes a concept.
    package init(
        id: Unicode.Scalar,
        phrase: NounPhrase,
        keywords: [String],
        definition: Definition?
    ) {
        self.id = id
        self.phrase = phrase
        self.keywords = keywords
        self.definition = definition
    }

    /// The bare name.
    package var name: String { phrase.noun }

    /// Where the concept belongs, whatever other concepts there are.
    ///
    /// It follows from the word that is defined, or from the name of what has no definition: so
    /// two images of one word, such as two chicks, are never on both sides.
    package var split: Split { Self.split(ofName: definition?.phrase.noun ?? name) }

    /// The split of a word: held out if its 64-bit FNV-1a hash is divisible by five.
    package static func split(ofName name: String) -> Split {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        return hash % 5 == 0 ? .heldOut : .tuning
    }
}

/// What WordNet says that a thing is.
package struct Definition: Sendable, Equatable {
    /// The word that is explained: the concept's name, or its singular.
    package let phrase: NounPhrase
    /// The explanation with its article: "a feline mammal usually having thick soft fur".
    package let text: String
    /// Other words of the same meaning.
    package let synonyms: [String]
    /// A more general word, such as "edible fruit".
    package let kind: String?

    /// Makes a definition.
    package init(phrase: NounPhrase, text: String, synonyms: [String] = [], kind: String? = nil) {
        self.phrase = phrase
        self.text = text
        self.synonyms = synonyms
        self.kind = kind
    }

    /// The whole sentence, such as "A cat is a feline mammal usually having thick soft fur".
    package var sentence: String {
        "\(phrase.indefinite.capitalizedFirst) \(phrase.verb) \(text)\(text.hasSuffix(".") ? "" : ".")"
    }
}
