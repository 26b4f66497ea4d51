import Basics
import Documents
import Vocabulary

/// A vocabulary of 26 letters, 16 image codes and all special tokens; an image has 4 codes.
enum SmallSpace {
    static let space: TokenSpace = {
        let specialTokens = TokenSpace.SpecialToken.allCases.enumerated().map { ($1, 42 + $0) }
        return TokenSpace(
            count: 42 + specialTokens.count,
            text: 0..<26,
            image: 26..<42,
            specialTokens: Dictionary(uniqueKeysWithValues: specialTokens)
        )
    }()

    static let masks = (0..<TokenSpace.SpecialToken.maskCount).map { space[.mask($0)] }

    enum Part {
        case text(String, Role? = nil)
        case image(Int, Role? = nil)
    }

    /// The tokens of parts: letters are tokens 0..<26, image k has the codes k, k + 1, k + 2, k + 3.
    static func sequence(_ parts: [Part]) throws -> TokenSequence {
        let segments = parts.map { part -> Segment in
            switch part {
            case .text(let text, let role): .text(text, role: role)
            case .image(let number, let role):
                .image(
                    Image(width: 1, height: 1, pixels: [UInt8(number), 0, 0]),
                    role: role
                )
            }
        }
        return try TokenSequence(
            Document(segments),
            in: space,
            text: { $0.utf8.map { Int($0) - 97 } },
            image: { image in (0..<4).map { (Int(image.pixels[0]) + $0) % 16 } }
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

    /// Up to five texts and images; texts may be empty.
    static func randomSequence(using generator: inout SeededGenerator) throws -> TokenSequence {
        let count = Int.random(in: 0...5, using: &generator)
        return try sequence(
            (0..<count).map { _ in
                Bool.random(using: &generator)
                    ? .text(randomText(0...30, using: &generator))
                    : .image(Int.random(in: 0..<16, using: &generator))
            }
        )
    }
}
