import Documents
import PictureDictionary
import Testing

/// The dictionary of the installed packages, built once for all tests.
enum SharedDictionary {
    private static let built = Result { try DictionaryData(imagesPerConcept: 2) }

    static var data: DictionaryData {
        get throws { try built.get() }
    }

    static func concept(_ name: String) throws -> Concept {
        try #require(data.concepts.first { $0.name == name }, "no concept \(name)")
    }
}

extension Document {
    /// The texts of the document, joined.
    var words: String { texts.joined(separator: " ") }

    /// FNV-1a over the texts and images in their order.
    func hash(into hash: inout UInt64) {
        for segment in segments {
            let bytes =
                switch segment.content {
                case .text(let text): Array(text.utf8)
                case .image(let image): image.pixels
                }
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        }
    }
}
