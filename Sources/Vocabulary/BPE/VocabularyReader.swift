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
        let added = Dictionary(uniqueKeysWithValues: addedTokens.map { ($0.bytes, $0) })
        var spellings = Dictionary(uniqueKeysWithValues: addedTokens.map { ($0.id, $0.spelling) })
        var bytesByID: [TokenID: [UInt8]] = [:]
        for (spelling, value) in try Self.entries(reader) {
            let id = try Self.readID(value, of: spelling, reader)
            let token = added[Array(spelling.utf8)]
            let addedID = token?.id
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
            // What is not written in the byte alphabet is no text either.
            let isText = token?.isText ?? (TokenSpace.chameleonCode(spelledBy: spelling) == nil)
            if isText, let bytes, !bytes.isEmpty {
                bytesByID[id] = bytes
            } else {
                reserved[id] = spelling
                if let bytes { reservedBytes.insert(bytes) }
            }
        }
        try arrange(bytesByID)
        ids = Dictionary(uniqueKeysWithValues: bytesByID.map { ($1, $0) })
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

    /// Orders the tokens by id; an id without a token is unused.
    private mutating func arrange(_ bytesByID: [TokenID: [UInt8]]) throws(JSONFieldError) {
        guard let last = bytesByID.keys.max() else {
            throw reader.failure("vocab", "has no text tokens")
        }
        let (unused, most) = (last + 1 - bytesByID.count, max(1 << 16, bytesByID.count))
        guard unused <= most + reserved.count else {
            throw reader.failure(
                "vocab",
                "leaves \(unused) ids up to \(last) without a token; at most \(most) are supported"
            )
        }
        tokens = (0...last).map { bytesByID[$0] ?? [] }
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
