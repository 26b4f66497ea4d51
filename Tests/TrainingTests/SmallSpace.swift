import Basics
import Documents
import Vocabulary

/// A vocabulary of 26 letters, 16 image codes and all special tokens; an image has 4 codes.
enum SmallSpace {
    static let space: TokenSpace = {
        let specialTokens = TokenSpace.SpecialToken.ofNewVocabulary.enumerated().map {
            ($1, 42 + $0)
        }
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
    ///
    /// A conversation is as the template of roles writes it; the first `unlearned` of the assistant's
    /// turns are no answers.
    static func sequence(_ parts: [Part], unlearned: Int = 0) throws -> TokenSequence {
        var turnCount = 0
        var sequence = TokenSequence()
        sequence.append([space[.end]])
        var role: Role?
        var answerStart = 0
        func endAnswer() {
            guard role == .assistant else { return }
            sequence.append([space[.end]])
            turnCount += 1
            guard turnCount > unlearned else { return }
            sequence.addAnswer(answerStart..<sequence.tokens.count)
        }
        for part in parts {
            let next =
                switch part {
                case .text(_, let role), .image(_, let role): role
                }
            if next != role {
                endAnswer()
                if let next { sequence.append([space[specialTokens[next] ?? .end]]) }
                answerStart = sequence.tokens.count
                role = next
            }
            switch part {
            case .text(let text, _):
                let start = sequence.tokens.count
                sequence.append(text.utf8.map { Int($0) - 97 })
                sequence.addPiece(start..<sequence.tokens.count, role)
            case .image(let number, _):
                let codes = (0..<4).map { space.token(imageCode: (number + $0) % 16) }
                sequence.appendImage(
                    FramedImage(tokens: [space[.imageStart]] + codes, codes: 1..<5),
                    role: role
                )
            }
        }
        endAnswer()
        if role != .assistant { sequence.append([space[.end]]) }
        return sequence
    }

    private static let specialTokens: [Role: TokenSpace.SpecialToken] = [
        .system: .system, .user: .user, .assistant: .assistant,
    ]

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
