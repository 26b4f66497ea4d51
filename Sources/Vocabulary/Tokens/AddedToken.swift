import Basics

/// A token that stands outside the byte pairs: a special token, an image code or a reserved one.
///
/// The flags say how the spelling is looked for where added tokens are meant, as in a conversation
/// that a template made. In plain text nobody looks for it.
struct AddedToken: Sendable, Equatable {
    let id: TokenID
    let spelling: String
    var matchesSingleWord = false
    var takesSpaceBefore = false
    var takesSpaceAfter = false
    var isNormalized = false
    var isSpecial = true

    /// Makes a special token.
    init(id: TokenID, spelling: String) {
        self.id = id
        self.spelling = spelling
    }

    /// The same token with another id.
    func renumbered(_ id: TokenID) -> AddedToken {
        var token = AddedToken(id: id, spelling: spelling)
        token.matchesSingleWord = matchesSingleWord
        token.takesSpaceBefore = takesSpaceBefore
        token.takesSpaceAfter = takesSpaceAfter
        token.isNormalized = isNormalized
        token.isSpecial = isSpecial
        return token
    }

    /// Reads one element of `added_tokens`.
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

    /// The bytes of the spelling, by which spellings are compared: to `String`, two may be one.
    var bytes: [UInt8] { Array(spelling.utf8) }

    /// The element of `added_tokens`.
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
    /// The ids that a file may use: what the largest vocabularies need many times over.
    static let accepted = 0..<1 << 24
}
