import Basics

/// An added token: a special token, an image code, a reserved one, or text that is never split.
///
/// The flags say how its string is matched where added tokens are recognized: all of them in a
/// rendered conversation, only those that are text in plain text.
struct AddedToken: Sendable, Equatable {
    var id: TokenID
    let spelling: String
    var isSingleWord = false
    var stripsLeft = false
    var stripsRight = false
    var isNormalized = false
    var isSpecial = true
    /// Whether plain text becomes this token: it is not special, and structures no document.
    var isText = false

    init(id: TokenID, spelling: String) {
        self.id = id
        self.spelling = spelling
    }

    func renumbered(_ id: TokenID) -> AddedToken {
        var token = self
        token.id = id
        return token
    }

    /// Reads a token of `added_tokens`, or of an object whose keys are the ids.
    init(_ reader: JSONReader, id: TokenID? = nil) throws(JSONFieldError) {
        if let id { self.id = id } else { self.id = try reader.integer("id") }
        spelling = try reader.string("content")
        isSingleWord = try reader.bool("single_word", default: false)
        stripsLeft = try reader.bool("lstrip", default: false)
        stripsRight = try reader.bool("rstrip", default: false)
        isSpecial = try reader.bool("special", default: false)
        isNormalized = try reader.bool("normalized", default: !isSpecial)
        guard TokenID.accepted.contains(self.id) else {
            throw reader.failure("id", "\(self.id) is not in 0..<\(TokenID.accepted.upperBound)")
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
