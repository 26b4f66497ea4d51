import Basics

/// The BPE model of a `tokenizer.json`: text tokens and merges.
struct BPEModel: Sendable {
    /// Two adjacent tokens and the token that replaces them.
    struct Merge: Sendable, Equatable {
        let left: TokenID
        let right: TokenID
        let result: TokenID

        var pair: Pair { Pair(left, right) }
    }

    /// Two token ids packed into one number, ordered by the left one first.
    struct Pair: Hashable, Comparable, Sendable {
        let bits: UInt64

        /// Packs two ids below 2³¹.
        init(_ left: TokenID, _ right: TokenID) {
            bits = UInt64(truncatingIfNeeded: left) << 32 | UInt64(truncatingIfNeeded: right)
        }

        var left: TokenID { TokenID(bits >> 32) }
        var right: TokenID { TokenID(bits & 0xFFFF_FFFF) }

        static func < (left: Pair, right: Pair) -> Bool { left.bits < right.bits }
    }

    /// The symbols of a word before the first merge.
    enum Alphabet: Sendable, Equatable {
        /// Bytes, written in ``ByteAlphabet``.
        case bytes
        /// Characters, with ``ByteFallback`` for those without a token if the vocabulary has it.
        case characters
    }

    /// What a symbol without a token becomes; without this it is dropped, as in the reference.
    struct Unknown: Sendable, Equatable {
        let token: TokenID
        /// Whether several in a row become one token.
        let isFused: Bool
    }

    let alphabet: Alphabet
    /// The suffix of a word's last token, such as `</w>`; usually empty.
    let endOfWordSuffix: [UInt8]
    let unknown: Unknown?
    /// The bytes of each text token by id; empty where there is none.
    let tokens: [[UInt8]]
    /// The merges by rank.
    let merges: [Merge]
    /// Whether a word that is a token is never split (Llama 3).
    let ignoresMerges: Bool
    /// Vocabulary entries that no text yields, added tokens and image codes, with their strings.
    let reserved: [TokenID: String]
    /// The other members of the model, kept for writing.
    let settings: JSON.Object

    let text: RangeSet<TokenID>
    /// The token of each byte; for characters that of ``ByteFallback``.
    let byteTokens: [TokenID?]
    /// The token of each byte at the end of a word; empty without a suffix.
    let endOfWordByteTokens: [TokenID?]
    /// The token of each character code; empty for an alphabet of bytes.
    let characterTokens: [UInt32: TokenID]
    /// The rank of each pair; for a duplicate pair, the last one.
    let ranks: PairTable
    /// The bytes without a token, in any place or at the end of a word.
    let missingBytes: [UInt8]
    /// The character pairs that occur inside some token; no merge crosses another pair.
    let adjacentCharacters: PairTable
    /// The token of each whole word; empty unless merges are ignored.
    let wholeWords: [[UInt8]: TokenID]

    /// Makes a model; without `fallsBack`, characters have no byte tokens.
    init(
        alphabet: Alphabet = .bytes,
        fallsBack: Bool = true,
        unknown: Unknown? = nil,
        endOfWordSuffix: [UInt8] = [],
        tokens: [[UInt8]],
        merges: [Merge],
        ignoresMerges: Bool,
        reserved: [TokenID: String] = [:],
        settings: JSON.Object = Self.defaultSettings
    ) {
        self.alphabet = alphabet
        self.unknown = unknown
        self.endOfWordSuffix = endOfWordSuffix
        self.tokens = tokens
        self.merges = merges
        self.ignoresMerges = ignoresMerges
        self.reserved = reserved
        self.settings = settings

        var text = RangeSet<TokenID>()
        for run in tokens.indices.split(whereSeparator: { tokens[$0].isEmpty }) {
            text.insert(contentsOf: run.startIndex..<run.endIndex)
        }
        self.text = text
        byteTokens =
            alphabet == .bytes || fallsBack
            ? Self.byteTokens(tokens, alphabet) : Array(repeating: nil, count: 256)
        endOfWordByteTokens =
            endOfWordSuffix.isEmpty ? [] : Self.endOfWordByteTokens(tokens, endOfWordSuffix)
        let (bytes, lastBytes) = (byteTokens, endOfWordByteTokens)
        missingBytes = (UInt8.min...UInt8.max).filter { byte in
            bytes[Int(byte)] == nil || !lastBytes.isEmpty && lastBytes[Int(byte)] == nil
        }
        ranks = PairTable(merges.map(\.pair))
        characterTokens = alphabet == .bytes ? [:] : Self.characterTokens(tokens)
        adjacentCharacters = PairTable(alphabet == .bytes ? [] : Self.adjacentCharacters(tokens))
        let whole = ignoresMerges ? text.ranges.joined().map { (tokens[$0], $0) } : []
        wholeWords = Dictionary(uniqueKeysWithValues: whole)
    }

    /// The token of every byte, if there is one.
    private static func byteTokens(_ tokens: [[UInt8]], _ alphabet: Alphabet) -> [TokenID?] {
        var result = [TokenID?](repeating: nil, count: 256)
        for (id, token) in tokens.enumerated() {
            switch alphabet {
            case .bytes: if token.count == 1 { result[Int(token[0])] = id }
            case .characters:
                guard let byte = ByteFallback.byte(spelledBy: token),
                    ByteFallback.spellings[Int(byte)] == token
                else { continue }
                result[Int(byte)] = id
            }
        }
        return result
    }

    /// The token of every byte at the end of a word, if there is one.
    private static func endOfWordByteTokens(_ tokens: [[UInt8]], _ endOfWordSuffix: [UInt8])
        -> [TokenID?]
    {
        var result = [TokenID?](repeating: nil, count: 256)
        for (id, token) in tokens.enumerated()
        where token.count == endOfWordSuffix.count + 1 && token.dropFirst() == endOfWordSuffix[...]
        {
            result[Int(token[0])] = id
        }
        return result
    }

    private static func characterTokens(_ tokens: [[UInt8]]) -> [UInt32: TokenID] {
        var result: [UInt32: TokenID] = [:]
        for (id, token) in tokens.enumerated() where (1...4).contains(token.count) {
            let text = UTF8Text(bytes: token)
            if let (value, end) = text.value(at: 0), end == text.end { result[value] = id }
        }
        return result
    }

    private static func adjacentCharacters(_ tokens: [[UInt8]]) -> [Pair] {
        var pairs: Set<Pair> = []
        for token in tokens where token.count > 1 {
            let text = UTF8Text(bytes: token)
            guard var (left, place) = text.value(at: 0) else { continue }
            while let (right, end) = text.value(at: place) {
                pairs.insert(Pair(TokenID(left), TokenID(right)))
                (left, place) = (right, end)
            }
        }
        return Array(pairs)
    }

    /// The end of a span from `start` on that no merge crosses.
    ///
    /// Not always the shortest one: it ends between two characters that no token contains side by
    /// side. It makes a tokenizer without a pre-tokenizer as fast as others.
    func endOfMergeableSpan(in text: UTF8Text, from start: Int) -> Int {
        // The neighbors of a dropped character can merge, and unknown ones can fuse.
        guard alphabet == .characters, !ignoresMerges, missingBytes.isEmpty,
            var (left, place) = text.value(at: start)
        else { return text.end }
        while let (right, end) = text.value(at: place),
            adjacentCharacters[Pair(TokenID(left), TokenID(right))] != nil
        { (left, place) = (right, end) }
        return place
    }

    /// The members of a model that was trained here.
    static let defaultSettings: JSON.Object = [
        "type": "BPE", "dropout": .null, "unk_token": .null, "continuing_subword_prefix": .null,
        "end_of_word_suffix": .null, "fuse_unk": false, "byte_fallback": false,
        "ignore_merges": false,
    ]
}

extension BPEModel: Equatable {
    /// Compares what determines the ids.
    static func == (left: BPEModel, right: BPEModel) -> Bool {
        left.alphabet == right.alphabet && left.endOfWordSuffix == right.endOfWordSuffix
            && left.tokens == right.tokens && left.merges == right.merges
            && left.ignoresMerges == right.ignoresMerges && left.unknown == right.unknown
            && left.missingBytes == right.missingBytes
    }
}
