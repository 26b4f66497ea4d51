/// A hash table from pairs to ranks, for the innermost loop of encoding.
///
/// Open addressing with linear probing, at most half full. A `Dictionary` defends against chosen
/// keys at several times the cost; a bad vocabulary here is only slow.
struct PairTable: Sendable {
    private var pairs: [BPEModel.Pair]
    private var ranks: [Int32]
    private let shift: UInt64

    private static let empty: Int32 = -1

    /// Ranks pairs by their position; for a duplicate, the last one counts.
    init(_ ranked: [BPEModel.Pair]) {
        var bits: UInt64 = 4
        while 1 << bits < 2 * ranked.count { bits += 1 }
        shift = 64 - bits
        pairs = Array(repeating: BPEModel.Pair(0, 0), count: 1 << bits)
        ranks = Array(repeating: Self.empty, count: 1 << bits)
        for (rank, pair) in ranked.enumerated() {
            let slot = slot(of: pair)
            pairs[slot] = pair
            ranks[slot] = Int32(rank)
        }
    }

    /// The rank of `pair`; `nil` if it is not in the table.
    subscript(pair: BPEModel.Pair) -> Int? {
        let rank = ranks[slot(of: pair)]
        return rank == Self.empty ? nil : Int(rank)
    }

    /// The slot of `pair`, or the empty slot for it.
    private func slot(of pair: BPEModel.Pair) -> Int {
        // Fibonacci hashing: the upper bits of a product with 2⁶⁴ / φ.
        var slot = Int((pair.bits &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while ranks[slot] != Self.empty, pairs[slot] != pair {
            slot = (slot + 1) & (pairs.count - 1)
        }
        return slot
    }
}
