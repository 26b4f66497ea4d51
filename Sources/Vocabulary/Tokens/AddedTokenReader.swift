import Basics

/// Reads the `added_tokens` and says which of them are text.
struct AddedTokenReader {
    private(set) var tokens: [AddedToken] = []
    private var places: [[UInt8]: Int] = [:]
    private var spellings: [TokenID: String] = [:]

    /// Reads `added_tokens`, and the tokens of the vocabulary that `map` names as special.
    init(_ reader: JSONReader, _ map: SpecialTokensMap) throws(JSONFieldError) {
        for element in try reader.objects("added_tokens", default: []) {
            try add(AddedToken(element), element)
        }
        addNamed(map, reader)
        let named = Set(map.named.map(\.spelling))
        let ends = Set(map.ends.ids)
        for index in tokens.indices {
            let token = tokens[index]
            tokens[index].isText =
                !token.isSpecial && !TokenSpace.isReserved(token.spelling)
                && !named.contains(token.spelling) && !ends.contains(token.id)
        }
    }

    /// Adds a token; of two with the same string and id the last one counts, as in the reference.
    private mutating func add(_ token: AddedToken, _ element: JSONReader) throws(JSONFieldError) {
        if let place = places[token.bytes] {
            guard tokens[place].id == token.id else {
                throw element.failure(
                    "content",
                    "\(token.spelling.quoted()) has the id \(token.id), and before it the id "
                        + "\(tokens[place].id)"
                )
            }
            tokens[place] = token
            return
        }
        if let other = spellings.updateValue(token.spelling, forKey: token.id) {
            throw element.failure("id", "\(token.id) is already the id of \(other.quoted())")
        }
        places[token.bytes] = tokens.count
        tokens.append(token)
    }

    /// Adds the special tokens that only the vocabulary has, as `transformers` does; not those
    /// that look like text, such as a padding token `!`.
    private mutating func addNamed(_ map: SpecialTokensMap, _ reader: JSONReader) {
        let ends = Set(map.ends.ids).subtracting(spellings.keys)
        var missing = Set(map.named.map(\.spelling))
        missing = missing.filter { places[Array($0.utf8)] == nil && Self.looksSpecial($0) }
        guard !ends.isEmpty || !missing.isEmpty,
            case .object(let model)? = reader.object["model"],
            case .object(let vocabulary)? = model["vocab"]
        else { return }
        for (spelling, value) in vocabulary.members {
            guard case .integer(let id) = value, TokenID.accepted.contains(id),
                missing.contains(spelling) || ends.contains(id) && Self.looksSpecial(spelling),
                places[Array(spelling.utf8)] == nil, spellings[id] == nil
            else { continue }
            let token = AddedToken(id: id, spelling: spelling)
            spellings[id] = spelling
            places[token.bytes] = tokens.count
            tokens.append(token)
        }
    }

    /// Whether a string is in angle or square brackets, as special tokens are.
    private static func looksSpecial(_ spelling: String) -> Bool {
        spelling.utf8.count > 2
            && (spelling.hasPrefix("<") && spelling.hasSuffix(">")
                || spelling.hasPrefix("[") && spelling.hasSuffix("]"))
    }
}
