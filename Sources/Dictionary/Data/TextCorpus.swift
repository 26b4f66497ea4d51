import Basics
package import Documents

/// What the text parent reads: WordNet as the prose of a dictionary, without any image.
///
/// Each document is one meaning of one word. Words that have an image come again and again, in
/// other phrasings, so that their definitions are learned by heart. Document `n` is a pure
/// function of the seed and `n`.
package struct TextCorpus: RandomAccessCollection, Sendable {
    /// How often the definition of a concept is told, against once for every other meaning.
    package static let conceptRepetitions = 24

    private enum Entry: Sendable {
        case synset(Int)
        case definition(Definition)
    }

    private let seed: UInt64
    private let wordNet: WordNet
    private let entries: [Entry]

    /// Collects every meaning that is worth reading, and each definition of a concept.
    init(concepts: [Concept], wordNet: WordNet, seed: UInt64) {
        self.seed = seed
        self.wordNet = wordNet
        var entries = wordNet.synsets.indices.filter { Self.isCommon(wordNet.synsets[$0]) }
            .map(Entry.synset)
        for definition in concepts.compactMap(\.definition) {
            entries += Array(repeating: .definition(definition), count: Self.conceptRepetitions)
        }
        var random = SeededGenerator(seed: seed, 0)
        entries.shuffle(using: &random)
        self.entries = entries
    }

    /// The first document.
    package var startIndex: Int { 0 }
    /// The number of documents.
    package var endIndex: Int { entries.count }

    /// Writes a document: one segment of text.
    package subscript(position: Int) -> Document {
        var random = SeededGenerator(seed: seed, 1, UInt64(position))
        let text =
            switch entries[position] {
            case .synset(let index): DictionaryProse.entry(wordNet.synsets[index], using: &random)
            case .definition(let definition):
                DictionaryProse.entry(definition, using: &random)
            }
        return Document([.text(text)])
    }

    /// Leaves out single persons and places, the names of taxa, and words that are there to insult.
    private static func isCommon(_ synset: Synset) -> Bool {
        guard !synset.isInstance, let word = synset.words.first, synset.gloss.core != nil,
            word.first?.isLowercase == true,
            !["genus ", "family ", "order ", "class "].contains(where: word.hasPrefix)
        else { return false }
        let explanation = synset.gloss.definitions.joined(separator: ";").lowercased()
        return !["offensive", "slur", "disparaging", "obscene", "vulgar"].contains {
            explanation.contains($0)
        }
    }
}
