/// The rank of every pair that has a merge: a hash table for the innermost loop of encoding.
///
/// Open addressing with linear steps, at most half full. A `Dictionary` defends against chosen keys
/// at several times the cost; here the keys are the vocabulary's own, and a bad one is only slow.
struct PairTable: Sendable {
    private var pairs: [BytePairModel.Pair]
    private var ranks: [Int32]
    private let shift: UInt64

    private static let empty: Int32 = -1

    /// Ranks pairs by their place; of a pair that stands twice, the last place counts.
    init(_ ranked: [BytePairModel.Pair]) {
        var bits: UInt64 = 4
        while 1 << bits < 2 * ranked.count { bits += 1 }
        shift = 64 - bits
        pairs = Array(repeating: BytePairModel.Pair(0, 0), count: 1 << bits)
        ranks = Array(repeating: Self.empty, count: 1 << bits)
        for (rank, pair) in ranked.enumerated() {
            let slot = slot(of: pair)
            pairs[slot] = pair
            ranks[slot] = Int32(rank)
        }
    }

    /// The rank of `pair`; `nil` if it has no merge.
    subscript(pair: BytePairModel.Pair) -> Int? {
        let rank = ranks[slot(of: pair)]
        return rank == Self.empty ? nil : Int(rank)
    }

    /// The slot where `pair` is, or would be.
    private func slot(of pair: BytePairModel.Pair) -> Int {
        // Fibonacci hashing: the upper bits of a product with 2⁶⁴ / φ.
        var slot = Int((pair.bits &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while ranks[slot] != Self.empty, pairs[slot] != pair {
            slot = (slot + 1) & (pairs.count - 1)
        }
        return slot
    }
}
