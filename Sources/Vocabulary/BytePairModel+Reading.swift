import Basics

extension BytePairModel {
    /// Reads a `model` of type `BPE`; those of its tokens that are added tokens are no text.
    init(_ reader: JSONReader, addedTokens: [AddedToken]) throws(JSONFieldError) {
        try reader.require("type", "BPE")
        // About bytes without a token, which a byte-level vocabulary does not have.
        for ignored in ["unk_token", "fuse_unk", "byte_fallback"] { _ = reader.has(ignored) }
        for affix in ["continuing_subword_prefix", "end_of_word_suffix"] {
            let text = try reader.string(affix, default: "")
            guard text.isEmpty else {
                throw reader.failure(affix, "\"\(text)\" is not supported; supported is none")
            }
        }
        let dropout = try reader.number("dropout", default: 0)
        guard dropout == 0 else {
            throw reader.failure("dropout", "\(dropout) is not supported; supported is none")
        }

        let vocabulary = try VocabularyReader(reader, addedTokens: addedTokens)
        self.init(
            firstID: vocabulary.firstID,
            tokens: vocabulary.tokens,
            merges: try vocabulary.readMerges(),
            ignoresMerges: try reader.bool("ignore_merges", default: false)
        )
    }
}

/// Reads and checks the tokens and merges of a byte-level vocabulary.
private struct VocabularyReader {
    let reader: JSONReader
    /// The least id of a text token.
    let firstID: TokenID
    /// The bytes of each text token, in the order of the ids.
    let tokens: [[UInt8]]
    private let ids: [[UInt8]: TokenID]

    init(_ reader: JSONReader, addedTokens: [AddedToken]) throws(JSONFieldError) {
        self.reader = reader
        let added = Dictionary(uniqueKeysWithValues: addedTokens.map { ($0.spelling, $0.id) })

        var spellings = Dictionary(uniqueKeysWithValues: addedTokens.map { ($0.id, $0.spelling) })
        var bytesByID: [TokenID: [UInt8]] = [:]
        for (spelling, value) in try Self.entries(reader) {
            let id = try Self.readID(value, of: spelling, reader)
            if let addedID = added[spelling] {
                guard id == addedID else {
                    let problem = "\"\(spelling)\" has the id \(id), but \(addedID) in added_tokens"
                    throw reader.failure("vocab", problem)
                }
                continue
            }
            if let other = spellings.updateValue(spelling, forKey: id) {
                throw reader.failure(
                    "vocab",
                    "\"\(other)\" and \"\(spelling)\" have the same id \(id)"
                )
            }
            guard let bytes = ByteAlphabet.bytes(of: spelling), !bytes.isEmpty else {
                throw reader.failure(
                    "vocab",
                    "\"\(spelling)\" is not spelled in the byte alphabet; a byte-level vocabulary "
                        + "is expected"
                )
            }
            bytesByID[id] = bytes
        }
        firstID = bytesByID.keys.min() ?? 0
        tokens = try Self.inOrder(bytesByID, from: firstID, reader)
        ids = Dictionary(uniqueKeysWithValues: bytesByID.map { ($1, $0) })
        for byte in UInt8.min...UInt8.max where ids[[byte]] == nil {
            let spelling = ByteAlphabet.spelling(of: [byte])
            throw reader.failure("vocab", "has no token for the byte \(byte), \"\(spelling)\"")
        }
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
            let problem = "the id of \"\(spelling)\" is an integer, found \(value.kind)"
            throw reader.failure("vocab", problem)
        }
        guard TokenID.accepted.contains(id) else {
            let range = "0..<\(TokenID.accepted.upperBound)"
            throw reader.failure("vocab", "the id \(id) of \"\(spelling)\" is not in \(range)")
        }
        return id
    }

    private static func inOrder(
        _ bytesByID: [TokenID: [UInt8]],
        from firstID: TokenID,
        _ reader: JSONReader
    ) throws(JSONFieldError) -> [[UInt8]] {
        var tokens: [[UInt8]] = []
        for id in firstID..<firstID + bytesByID.count {
            guard let bytes = bytesByID[id] else {
                throw reader.failure(
                    "vocab",
                    "no text token has the id \(id); text tokens have ids without gaps"
                )
            }
            tokens.append(bytes)
        }
        return tokens
    }

    /// Reads `merges`, in either of the two spellings: `"a b"` or `["a", "b"]`.
    func readMerges() throws(JSONFieldError) -> [BytePairModel.Merge] {
        var merges: [BytePairModel.Merge] = []
        for (index, element) in try reader.array("merges").enumerated() {
            let field = "merges[\(index)]"
            guard let (left, right) = Self.sides(of: element) else {
                throw reader.failure(field, "two tokens are expected, found \(element.kind)")
            }
            let (leftID, leftBytes) = try token(left, field)
            let (rightID, rightBytes) = try token(right, field)
            guard let result = ids[leftBytes + rightBytes] else {
                throw reader.failure(
                    field,
                    "makes \"\(left + right)\", which is no text token of the vocabulary"
                )
            }
            merges.append(BytePairModel.Merge(left: leftID, right: rightID, result: result))
        }
        return merges
    }

    private static func sides(of element: JSON) -> (String, String)? {
        switch element {
        case .string(let text):
            let parts = text.split(separator: " ", omittingEmptySubsequences: false)
            return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
        case .array(let parts):
            guard parts.count == 2, case .string(let left) = parts[0],
                case .string(let right) = parts[1]
            else { return nil }
            return (left, right)
        default:
            return nil
        }
    }

    private func token(_ spelling: String, _ field: String) throws(JSONFieldError)
        -> (id: TokenID, bytes: [UInt8])
    {
        guard let bytes = ByteAlphabet.bytes(of: spelling), let id = ids[bytes] else {
            throw reader.failure(field, "\"\(spelling)\" is not a text token of the vocabulary")
        }
        return (id, bytes)
    }
}
