import Dictionary
import Documents
import Testing

/// The dictionary of the installed packages, built once for all tests.
enum SharedDictionary {
    private static let built = Result { try DictionaryBuilder(picturesPerConcept: 2).build() }

    static var data: DictionaryData {
        get throws { try built.get() }
    }

    static func concept(_ name: String) throws -> Concept {
        try #require(data.concepts.first { $0.name == name }, "no concept \(name)")
    }
}

extension Document {
    /// The texts of the document, joined.
    var words: String {
        segments.compactMap { segment in
            if case .text(let text) = segment.content { text } else { nil }
        }.joined(separator: " ")
    }

    /// The pictures of the document.
    var pictures: [Picture] {
        segments.compactMap { segment in
            if case .picture(let picture) = segment.content { picture } else { nil }
        }
    }

    /// FNV-1a over everything that the document holds.
    func hash(into hash: inout UInt64) {
        let bytes = Array(words.utf8) + pictures.flatMap(\.pixels)
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    }
}
