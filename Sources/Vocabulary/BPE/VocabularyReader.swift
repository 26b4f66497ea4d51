import Basics

/// Reads and checks the `vocab` and `merges` of a `model`.
struct VocabularyReader {
    /// The bytes of each text token by id; empty where there is none.
    private(set) var tokens: [[UInt8]] = []
    /// The entries that no text yields, with their strings.
    private(set) var reserved: [TokenID: String] = [:]

    private let reader: JSONReader
    private let alphabet: BPEModel.Alphabet
    private let endOfWordSuffix: [UInt8]
    private var ids: [[UInt8]: TokenID] = [:]
    private var reservedBytes: Set<[UInt8]> = []

    /// Reads `vocab`, which may repeat added tokens.
    init(
        _ reader: JSONReader,
        _ alphabet: BPEModel.Alphabet,
        endOfWordSuffix: [UInt8],
        addedTokens: [AddedToken]
    ) throws(JSONFieldError) {
        self.reader = reader
        self.alphabet = alphabet
        self.endOfWordSuffix = endOfWordSuffix
        let added = Dictionary(uniqueKeysWithValues: addedTokens.map { ($0.bytes, $0.id) })
        var spellings = Dictionary(uniqueKeysWithValues: addedTokens.map { ($0.id, $0.spelling) })
        var bytesByID: [TokenID: [UInt8]] = [:]
        for (spelling, value) in try Self.entries(reader) {
            let id = try Self.readID(value, of: spelling, reader)
            let addedID = added[Array(spelling.utf8)]
            if let addedID, id != addedID {
                let problem =
                    "\(spelling.quoted()) has the id \(id), but \(addedID) in added_tokens"
                throw reader.failure("vocab", problem)
            }
            if addedID == nil, let other = spellings.updateValue(spelling, forKey: id) {
                let problem = "\(other.quoted()) and \(spelling.quoted()) have the same id \(id)"
                throw reader.failure("vocab", problem)
            }
            let bytes = BPEModel.bytes(of: spelling, alphabet)
            if addedID != nil || TokenSpace.chameleonCode(spelledBy: spelling) != nil {
                reserved[id] = spelling
                if let bytes { reservedBytes.insert(bytes) }
            } else {
                guard let bytes, !bytes.isEmpty else {
                    throw reader.failure(
                        "vocab",
                        "\(spelling.quoted()) is not written in the byte alphabet; a byte-level "
                            + "vocabulary is expected"
                    )
                }
                bytesByID[id] = bytes
            }
        }
        try arrange(bytesByID, taken: Set(spellings.keys))
        ids = Dictionary(uniqueKeysWithValues: bytesByID.map { ($1, $0) })
        try checkBytes()
    }

    private static func entries(_ reader: JSONReader) throws(JSONFieldError)
        -> [(key: String, value: JSON)]
    {
        guard reader.has("vocab"), let json = reader.object["vocab"] else {
            throw reader.failure("vocab", "is missing")
        }
        guard case .object(let object) = json else {
            throw reader.failure("vocab", "an object is expected, found \(json.kind)")
        }
        return object.members
    }

    private static func readID(
        _ value: JSON,
        of spelling: String,
        _ reader: JSONReader
    ) throws(JSONFieldError) -> TokenID {
        guard case .integer(let id) = value else {
            let problem = "the id of \(spelling.quoted()) is an integer, found \(value.kind)"
            throw reader.failure("vocab", problem)
        }
        guard TokenID.accepted.contains(id) else {
            let range = "0..<\(TokenID.accepted.upperBound)"
            throw reader.failure("vocab", "the id \(id) of \(spelling.quoted()) is not in \(range)")
        }
        return id
    }

    /// Orders the tokens by id; gaps are an error.
    private mutating func arrange(
        _ bytesByID: [TokenID: [UInt8]],
        taken: Set<TokenID>
    ) throws(JSONFieldError) {
        guard let first = bytesByID.keys.min(), let last = bytesByID.keys.max() else { return }
        for id in first...last where !taken.contains(id) {
            let problem = "no token has the id \(id); the ids up to \(last) are used without gaps"
            throw reader.failure("vocab", problem)
        }
        tokens = (0...last).map { bytesByID[$0] ?? [] }
    }

    private func checkBytes() throws(JSONFieldError) {
        let byteTokens = BPEModel.byteTokens(tokens, alphabet)
        for byte in UInt8.min...UInt8.max where byteTokens[Int(byte)] == nil {
            let spelling =
                alphabet == .bytes
                ? ByteAlphabet.spelling(of: [byte])
                : String(decoding: ByteFallback.spellings[Int(byte)], as: UTF8.self)
            throw reader.failure("vocab", "has no token for the byte \(byte), \"\(spelling)\"")
        }
        guard !endOfWordSuffix.isEmpty else { return }
        let endOfWordByteTokens = BPEModel.endOfWordByteTokens(tokens, endOfWordSuffix)
        for byte in UInt8.min...UInt8.max where endOfWordByteTokens[Int(byte)] == nil {
            let spelling = ByteAlphabet.spelling(of: [byte] + endOfWordSuffix).quoted()
            throw reader.failure(
                "vocab",
                "has no token for the byte \(byte) at the end of a word, \(spelling)"
            )
        }
    }

    /// Reads `merges`, written `"a b"` or `["a", "b"]`.
    ///
    /// A merge that would make an added token is skipped: no text becomes one.
    func readMerges() throws(JSONFieldError) -> [BPEModel.Merge] {
        var merges: [BPEModel.Merge] = []
        for (index, element) in try reader.array("merges").enumerated() {
            let field = "merges[\(index)]"
            guard let (left, right) = Self.sides(of: element) else {
                throw reader.failure(field, "two tokens are expected, found \(element.kind)")
            }
            let leftBytes = try bytes(of: left, field)
            let rightBytes = try bytes(of: right, field)
            let bytes = leftBytes + rightBytes
            guard let leftID = ids[leftBytes], let rightID = ids[rightBytes],
                !reservedBytes.contains(bytes)
            else { continue }
            guard let result = ids[bytes] else {
                throw reader.failure(
                    field,
                    "makes \((left + right).quoted()), which is not a text token of the vocabulary"
                )
            }
            merges.append(BPEModel.Merge(left: leftID, right: rightID, result: result))
        }
        return merges
    }

    private static func sides(of element: JSON) -> (String, String)? {
        switch element {
        case .string(let text):
            // By bytes: to `String`, a space and a combining mark are one character.
            let parts = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            return (String(Substring(parts[0])), String(Substring(parts[1])))
        case .array(let parts):
            guard parts.count == 2, case .string(let left) = parts[0],
                case .string(let right) = parts[1]
            else { return nil }
            return (left, right)
        default:
            return nil
        }
    }

    /// The bytes of one side of a merge, a token of the vocabulary.
    private func bytes(of spelling: String, _ field: String) throws(JSONFieldError) -> [UInt8] {
        guard let bytes = BPEModel.bytes(of: spelling, alphabet),
            ids[bytes] != nil || reservedBytes.contains(bytes)
        else {
            throw reader.failure(
                field,
                "\(spelling.quoted()) is not a text token of the vocabulary"
            )
        }
        if alphabet == .characters, ByteFallback.byte(spelledBy: bytes) != nil {
            throw reader.failure(
                field,
                "\(spelling.quoted()) is a byte token, which has no merges"
            )
        }
        return bytes
    }
}
