import Basics

/// The tokens of a GGUF file's tokenizer, with their kinds and the special ones.
struct GGUFTokens {
    /// What a token is, as the format numbers it.
    enum Kind: Int {
        case normal = 1
        case unknown, control, userDefined, unused, byte
    }

    /// Members of Hugging Face files, and the keys of their ids after `tokenizer.ggml.`.
    static let specialIDs = [
        (member: "bos_token_id", key: "bos_token_id"),
        (member: "eos_token_id", key: "eos_token_id"),
        (member: "unk_token_id", key: "unknown_token_id"),
        (member: "pad_token_id", key: "padding_token_id"),
    ]

    let spellings: [String]
    let kinds: [Kind]
    private let metadata: GGUFMetadata

    static let tokensKey = "tokenizer.ggml.tokens"

    init(_ metadata: GGUFMetadata) throws(GGUFError) {
        guard let spellings = try metadata.strings(Self.tokensKey) else {
            throw metadata.failure(Self.tokensKey, "is missing")
        }
        self.metadata = metadata
        self.spellings = spellings
        kinds = try Self.kinds(metadata, count: spellings.count)
        var ids: [[UInt8]: Int] = [:]
        for (id, spelling) in spellings.enumerated() {
            guard let other = ids.updateValue(id, forKey: Array(spelling.utf8)) else { continue }
            throw metadata.failure(
                Self.tokensKey,
                "the tokens \(other) and \(id) are both \(spelling.quoted())"
            )
        }
    }

    private static func kinds(_ metadata: GGUFMetadata, count: Int) throws(GGUFError) -> [Kind] {
        let key = "tokenizer.ggml.token_type"
        guard let numbers = try metadata.integers(key) else {
            return Array(repeating: .normal, count: count)
        }
        guard numbers.count == count else {
            throw metadata.failure(key, "has \(numbers.count) elements for \(count) tokens")
        }
        var kinds: [Kind] = []
        kinds.reserveCapacity(count)
        for (id, number) in numbers.enumerated() {
            // Some files have 0, "undefined", for ordinary tokens.
            guard let kind = number == 0 ? .normal : Kind(rawValue: number) else {
                throw metadata.failure(key, "the token \(id) has the type \(number); 0 to 6 exist")
            }
            kinds.append(kind)
        }
        return kinds
    }

    /// The id at a key such as `bos_token_id`.
    func id(_ key: String) throws(GGUFError) -> Int? {
        let key = "tokenizer.ggml.\(key)"
        guard let id = try metadata.integer(key) else { return nil }
        guard spellings.indices.contains(id) else {
            throw metadata.failure(key, "there is no token \(id)")
        }
        return id
    }

    /// `added_tokens` of a `tokenizer.json`: those of `isAdded`, special or not.
    func addedTokens(_ isAdded: (Int) -> Bool) -> JSON {
        var added: [JSON] = []
        for (id, spelling) in spellings.enumerated() where isAdded(id) && !spelling.isEmpty {
            added.append([
                "id": .integer(id),
                "content": .string(spelling),
                "single_word": false,
                "lstrip": false,
                "rstrip": false,
                "normalized": false,
                "special": .bool(kinds[id] != .userDefined),
            ])
        }
        return .array(added)
    }

    /// The `post_processor` with the tokens before and after a sequence; `beginsByDefault` says
    /// whether BOS is added where the file does not say it.
    func postProcessor(beginsByDefault: Bool) throws(GGUFError) -> JSON {
        let begins = try metadata.bool("tokenizer.ggml.add_bos_token") ?? beginsByDefault
        let ends = try metadata.bool("tokenizer.ggml.add_eos_token") ?? false
        let first = begins ? try id("bos_token_id") : nil
        let last = ends ? try id("eos_token_id") : nil
        guard first != nil || last != nil else { return .null }
        func template(_ sequences: [String]) -> JSON {
            .array(
                sequences.enumerated().flatMap { number, sequence in
                    func part(_ kind: String, _ name: String) -> JSON {
                        .object([kind: ["id": .string(name), "type_id": .integer(number)]])
                    }
                    func special(_ id: Int) -> JSON { part("SpecialToken", spellings[id]) }
                    let text = part("Sequence", sequence)
                    return (first.map { [special($0)] } ?? []) + [text]
                        + (last.map { [special($0)] } ?? [])
                }
            )
        }
        var special = JSON.Object()
        for id in [first, last].compactMap({ $0 }) {
            let name = JSON.string(spellings[id])
            special[spellings[id]] = ["id": name, "ids": [.integer(id)], "tokens": [name]]
        }
        return [
            "type": "TemplateProcessing",
            "single": template(["A"]),
            "pair": template(["A", "B"]),
            "special_tokens": .object(special),
        ]
    }
}
