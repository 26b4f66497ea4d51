import Basics

/// An added token: a special token, an image code or a reserved one.
///
/// The flags say how its string is matched where added tokens are recognized, as in a rendered
/// conversation. In plain text none is recognized.
struct AddedToken: Sendable, Equatable {
    let id: TokenID
    let spelling: String
    var matchesSingleWord = false
    var takesSpaceBefore = false
    var takesSpaceAfter = false
    var isNormalized = false
    var isSpecial = true

    init(id: TokenID, spelling: String) {
        self.id = id
        self.spelling = spelling
    }

    func renumbered(_ id: TokenID) -> AddedToken {
        var token = AddedToken(id: id, spelling: spelling)
        token.matchesSingleWord = matchesSingleWord
        token.takesSpaceBefore = takesSpaceBefore
        token.takesSpaceAfter = takesSpaceAfter
        token.isNormalized = isNormalized
        token.isSpecial = isSpecial
        return token
    }

    init(_ reader: JSONReader) throws(JSONFieldError) {
        id = try reader.integer("id")
        spelling = try reader.string("content")
        matchesSingleWord = try reader.bool("single_word", default: false)
        takesSpaceBefore = try reader.bool("lstrip", default: false)
        takesSpaceAfter = try reader.bool("rstrip", default: false)
        isSpecial = try reader.bool("special", default: false)
        isNormalized = try reader.bool("normalized", default: !isSpecial)
        guard TokenID.accepted.contains(id) else {
            throw reader.failure("id", "\(id) is not in 0..<\(TokenID.accepted.upperBound)")
        }
        guard !spelling.isEmpty else { throw reader.failure("content", "is empty") }
    }

    /// The bytes of the string: to `String`, two different ones may be equal.
    var bytes: [UInt8] { Array(spelling.utf8) }

    var json: JSON {
        [
            "id": .integer(id),
            "content": .string(spelling),
            "single_word": .bool(matchesSingleWord),
            "lstrip": .bool(takesSpaceBefore),
            "rstrip": .bool(takesSpaceAfter),
            "normalized": .bool(isNormalized),
            "special": .bool(isSpecial),
        ]
    }
}

extension TokenID {
    /// The ids that a file may use, far more than real vocabularies have.
    static let accepted = 0..<1 << 24
}
