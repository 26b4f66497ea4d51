/// The text tokens of a byte-level vocabulary and the merges that make them.
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

    /// The ids of the text tokens.
    let ids: Range<TokenID>
    /// The bytes of each text token, in the order of the ids.
    let tokens: [[UInt8]]
    /// The merges, first the one that is done first.
    let merges: [Merge]
    /// Whether a piece that is a token as a whole is never taken apart (Llama 3).
    let ignoresMerges: Bool

    /// The token of each byte.
    let byteTokens: [TokenID]
    /// The place of each pair among the merges; of a pair that stands twice the last.
    let ranks: PairTable
    /// The token of a whole piece; only filled for a model that ignores merges.
    let wholePieces: [[UInt8]: TokenID]

    /// Makes a model of tokens with ids from `firstID` on, every byte among them.
    init(firstID: TokenID, tokens: [[UInt8]], merges: [Merge], ignoresMerges: Bool) {
        ids = firstID..<firstID + tokens.count
        self.tokens = tokens
        self.merges = merges
        self.ignoresMerges = ignoresMerges

        var byteTokens = [TokenID?](repeating: nil, count: 256)
        for (index, token) in tokens.enumerated() where token.count == 1 {
            byteTokens[Int(token[0])] = firstID + index
        }
        self.byteTokens = byteTokens.compactMap { $0 }
        precondition(self.byteTokens.count == 256, "a byte has no token")

        ranks = PairTable(merges.map(\.pair))
        wholePieces =
            ignoresMerges
            ? Dictionary(uniqueKeysWithValues: zip(tokens, ids)) : [:]
    }
}

extension BytePairModel: Equatable {
    /// Compares what the model was made of.
    static func == (left: BytePairModel, right: BytePairModel) -> Bool {
        left.ids == right.ids && left.tokens == right.tokens && left.merges == right.merges
            && left.ignoresMerges == right.ignoresMerges
    }
}
