import Basics

/// The text tokens of a vocabulary and the merges that make them.
struct BytePairModel: Sendable {
    /// Two neighbouring tokens and the token that replaces them.
    struct Merge: Sendable, Equatable {
        let left: TokenID
        let right: TokenID
        let result: TokenID

        /// The two tokens as one number, ordered by the left one first.
        var pair: Pair { Pair(left, right) }
    }

    /// Two token ids as one number, ordered by the left one first.
    struct Pair: Hashable, Comparable, Sendable {
        let bits: UInt64

        /// Packs two ids, each below 2³¹.
        init(_ left: TokenID, _ right: TokenID) {
            bits = UInt64(truncatingIfNeeded: left) << 32 | UInt64(truncatingIfNeeded: right)
        }

        var left: TokenID { TokenID(bits >> 32) }
        var right: TokenID { TokenID(bits & 0xFFFF_FFFF) }

        static func < (left: Pair, right: Pair) -> Bool { left.bits < right.bits }
    }

    /// What a piece is before the first merge.
    enum Alphabet: Sendable, Equatable {
        /// Bytes; `tokenizer.json` spells them by ``ByteAlphabet``.
        case bytes
        /// Characters, and the bytes of those without a token.
        case characters
    }

    /// What merges begin with.
    let alphabet: Alphabet
    /// What is appended to a piece in the spelling of its last token, as `</w>`; as a rule nothing.
    let wordEnd: [UInt8]
    /// The bytes of each text token, by its id; empty where there is none.
    let tokens: [[UInt8]]
    /// The merges, first the one that is done first.
    let merges: [Merge]
    /// Whether a piece that is a token as a whole is never taken apart (Llama 3).
    let ignoresMerges: Bool
    /// Tokens of the vocabulary that no text yields, with their spelling: added tokens, image codes.
    let reserved: [TokenID: String]
    /// What else the file says about the model, kept to be written.
    let settings: JSON.Object

    /// The ids of the text tokens.
    let text: RangeSet<TokenID>
    /// The token of each byte.
    let byteTokens: [TokenID]
    /// The token of each byte at the end of a piece; only filled where ``wordEnd`` is something.
    let lastByteTokens: [TokenID]
    /// The token of each character, by its code; only filled for an alphabet of characters.
    let characterTokens: [UInt32: TokenID]
    /// The place of each pair among the merges; of a pair that stands twice the last.
    let ranks: PairTable
    /// Which characters some token has side by side; between others, no merge ever is.
    let joints: PairTable
    /// The token of a whole piece; only filled for a model that ignores merges.
    let wholePieces: [[UInt8]: TokenID]

    /// Makes a model of tokens by id, those of every byte among them.
    init(
        alphabet: Alphabet = .bytes,
        wordEnd: [UInt8] = [],
        tokens: [[UInt8]],
        merges: [Merge],
        ignoresMerges: Bool,
        reserved: [TokenID: String] = [:],
        settings: JSON.Object = Self.defaultSettings
    ) {
        self.alphabet = alphabet
        self.wordEnd = wordEnd
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
        byteTokens = Self.byteTokens(tokens, alphabet).compactMap { $0 }
        precondition(byteTokens.count == 256, "a byte has no token")
        lastByteTokens =
            wordEnd.isEmpty ? [] : Self.lastByteTokens(tokens, wordEnd).compactMap { $0 }
        precondition(wordEnd.isEmpty || lastByteTokens.count == 256, "a last byte has no token")
        ranks = PairTable(merges.map(\.pair))
        characterTokens = alphabet == .bytes ? [:] : Self.characterTokens(tokens)
        joints = PairTable(alphabet == .bytes ? [] : Self.joints(tokens))
        let whole = ignoresMerges ? text.ranges.joined().map { (tokens[$0], $0) } : []
        wholePieces = Dictionary(uniqueKeysWithValues: whole)
    }

    /// The token of every byte, where there is one.
    static func byteTokens(_ tokens: [[UInt8]], _ alphabet: Alphabet) -> [TokenID?] {
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

    /// The token of every byte at the end of a piece, where there is one.
    static func lastByteTokens(_ tokens: [[UInt8]], _ wordEnd: [UInt8]) -> [TokenID?] {
        var result = [TokenID?](repeating: nil, count: 256)
        for (id, token) in tokens.enumerated()
        where token.count == wordEnd.count + 1 && token.dropFirst() == wordEnd[...] {
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

    private static func joints(_ tokens: [[UInt8]]) -> [Pair] {
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

    /// The end of the stretch from `start` on that no merge crosses.
    ///
    /// It need not be the shortest one: it ends where two characters meet that no token has side by
    /// side. A tokenizer that does not cut texts is as fast as others by this.
    func endOfStretch(in text: UTF8Text, from start: Int) -> Int {
        guard alphabet == .characters, !ignoresMerges, var (left, place) = text.value(at: start)
        else { return text.end }
        while let (right, end) = text.value(at: place),
            joints[Pair(TokenID(left), TokenID(right))] != nil
        { (left, place) = (right, end) }
        return place
    }

    /// What a file says of a model that was trained here.
    static let defaultSettings: JSON.Object = [
        "type": "BPE", "dropout": .null, "unk_token": .null, "continuing_subword_prefix": .null,
        "end_of_word_suffix": .null, "fuse_unk": false, "byte_fallback": false,
        "ignore_merges": false,
    ]
}

extension BytePairModel: Equatable {
    /// Compares what the model was made of.
    static func == (left: BytePairModel, right: BytePairModel) -> Bool {
        left.alphabet == right.alphabet && left.wordEnd == right.wordEnd
            && left.tokens == right.tokens && left.merges == right.merges
            && left.ignoresMerges == right.ignoresMerges
    }
}
