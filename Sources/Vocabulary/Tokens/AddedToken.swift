import Basics

/// An added token: a special token, an image code or a reserved one.
///
/// The flags say how its string is matched where added tokens are recognized, as in a rendered
/// conversation. In plain text none is recognized.
struct AddedToken: Sendable, Equatable {
    var id: TokenID
    let spelling: String
    var isSingleWord = false
    var stripsLeft = false
    var stripsRight = false
    var isNormalized = false
    var isSpecial = true

    init(id: TokenID, spelling: String) {
        self.id = id
        self.spelling = spelling
    }

    func renumbered(_ id: TokenID) -> AddedToken {
        var token = self
        token.id = id
        return token
    }

    init(_ reader: JSONReader) throws(JSONFieldError) {
        id = try reader.integer("id")
        spelling = try reader.string("content")
        isSingleWord = try reader.bool("single_word", default: false)
        stripsLeft = try reader.bool("lstrip", default: false)
        stripsRight = try reader.bool("rstrip", default: false)
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
            "single_word": .bool(isSingleWord),
            "lstrip": .bool(stripsLeft),
            "rstrip": .bool(stripsRight),
            "normalized": .bool(isNormalized),
            "special": .bool(isSpecial),
        ]
    }
}

extension TokenID {
    /// The ids that a file may use, far more than real vocabularies have.
    static let accepted = 0..<1 << 24
}
