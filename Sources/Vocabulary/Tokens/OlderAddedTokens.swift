import Basics

/// The added tokens of a folder without a `tokenizer.json`: the `added_tokens_decoder` of
/// `tokenizer_config.json`, or `added_tokens.json`, and then the special tokens that are named.
struct OlderAddedTokens {
    private(set) var tokens: [AddedToken] = []
    private var next: TokenID
    private let vocabulary: JSON.Object

    /// Reads the files; a token that the vocabulary lacks gets the id after the last one, unless
    /// its file says another one.
    init(
        _ vocabulary: JSON.Object,
        _ map: SpecialTokensMap,
        _ files: TextFiles,
        _ config: JSONReader?
    ) throws {
        self.vocabulary = vocabulary
        next = vocabulary.count
        if let config, config.has("added_tokens_decoder") {
            let decoder = try config.nested("added_tokens_decoder")
            let ids = decoder.object.keys.map { (Int($0), $0) }
            for (id, key) in ids.sorted(by: { ($0.0 ?? -1, $0.1) < ($1.0 ?? -1, $1.1) }) {
                guard let id else { throw decoder.failure(key, "an id is expected as the key") }
                try add(AddedToken(decoder.nested(key), id: id))
            }
        } else if let older = try files.reader("added_tokens.json") {
            let named = Set(map.named.map(\.spelling))
            var ids: [(TokenID, String)] = []
            for key in older.object.keys { ids.append((try older.integer(key), key)) }
            for (id, spelling) in ids.sorted(by: <) {
                var token = AddedToken(id: id, spelling: spelling)
                token.isSpecial = named.contains(spelling)
                token.isNormalized = !token.isSpecial
                add(token)
            }
        }
        for (_, spelling) in map.named {
            add(AddedToken(id: TokenID(next), spelling: spelling))
        }
    }

    /// Adds a token unless it is there, with the id of the vocabulary if it has one.
    private mutating func add(_ token: AddedToken) {
        guard !tokens.contains(where: { $0.spelling == token.spelling }) else { return }
        var token = token
        if case .integer(let id)? = vocabulary[token.spelling] { token.id = id }
        tokens.append(token)
        next = max(next, token.id + 1)
    }
}
