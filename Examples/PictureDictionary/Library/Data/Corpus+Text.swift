import Basics
import Documents

extension Corpus {
    /// How often the definition of each concept appears; other meanings appear once.
    private static let conceptRepetitions = 24

    private enum Entry {
        case synset(Synset)
        case definition(Definition)
    }

    /// What the text parent trains on: WordNet as the prose of a dictionary, without images.
    ///
    /// Each document explains one meaning of one word. Definitions of concepts repeat in other
    /// phrasings, so that the model memorizes them.
    static func text(_ wordNet: WordNet, _ concepts: [Concept], seed: UInt64) -> Corpus {
        var entries = wordNet.synsets.filter(isCommon).map(Entry.synset)
        for definition in concepts.compactMap(\.definition) {
            entries += Array(repeating: .definition(definition), count: conceptRepetitions)
        }
        var random = SeededGenerator(seed: seed, 0)
        entries.shuffle(using: &random)
        return Corpus(count: entries.count) { [entries] position in
            var random = SeededGenerator(seed: seed, 1, UInt64(position))
            let text =
                switch entries[position] {
                case .synset(let synset): DictionaryProse.entry(synset, using: &random)
                case .definition(let definition):
                    DictionaryProse.entry(definition, using: &random)
                }
            return Document([.text(text)])
        }
    }

    /// Leaves out individual persons and places, names of taxa, and insults.
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
