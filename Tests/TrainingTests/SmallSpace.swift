import Basics
import Documents
import Vocabulary

/// A vocabulary of 26 letters, 16 image codes and all markers; a picture has 4 codes.
enum SmallSpace {
    static let space: TokenSpace = {
        let markers = TokenSpace.Marker.allCases.enumerated().map { ($1, 42 + $0) }
        return TokenSpace(
            count: 42 + markers.count,
            text: 0..<26,
            image: 26..<42,
            markers: Dictionary(uniqueKeysWithValues: markers)
        )
    }()

    static let masks = (0..<TokenSpace.Marker.maskCount).map { space[.mask($0)] }

    enum Part {
        case text(String, Speaker? = nil)
        case picture(Int, Speaker? = nil)
    }

    /// The tokens of parts: letters are tokens 0..<26, picture k has the codes k, k + 1, k + 2, k + 3.
    static func sequence(_ parts: [Part]) throws -> TokenSequence {
        let segments = parts.map { part -> Segment in
            switch part {
            case .text(let text, let speaker): .text(text, speaker: speaker)
            case .picture(let number, let speaker):
                .picture(
                    Picture(width: 1, height: 1, pixels: [UInt8(number), 0, 0]),
                    speaker: speaker
                )
            }
        }
        return try TokenSequence(
            Document(segments),
            in: space,
            text: { $0.utf8.map { Int($0) - 97 } },
            picture: { picture in (0..<4).map { (Int(picture.pixels[0]) + $0) % 16 } }
        )
    }

    static func randomText(
        _ range: ClosedRange<Int>,
        using generator: inout SeededGenerator
    ) -> String {
        let count = Int.random(in: range, using: &generator)
        return String(
            decoding: (0..<count).map { _ in UInt8.random(in: 97...122, using: &generator) },
            as: UTF8.self
        )
    }

    /// Up to five texts and pictures; texts may be empty.
    static func randomSequence(using generator: inout SeededGenerator) throws -> TokenSequence {
        let count = Int.random(in: 0...5, using: &generator)
        return try sequence(
            (0..<count).map { _ in
                Bool.random(using: &generator)
                    ? .text(randomText(0...30, using: &generator))
                    : .picture(Int.random(in: 0..<16, using: &generator))
            }
        )
    }
}
