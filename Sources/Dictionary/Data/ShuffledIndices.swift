import Basics

/// A permutation of `0..<count` that needs no memory: each place is computed when it is asked for.
///
/// A Feistel network of four rounds over the next even power of two, walked until it falls below
/// `count` (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002).
struct ShuffledIndices: Sendable {
    private let count: Int
    private let halfBits: UInt64
    private let keys: [UInt64]

    /// The permutation that belongs to a seed and a counter.
    init(_ count: Int, seed: UInt64, _ counter: UInt64) {
        self.count = count
        var halfBits: UInt64 = 1
        while count > 1 << (2 * halfBits) { halfBits += 1 }
        self.halfBits = halfBits
        keys = (UInt64(0)..<4).map { round in
            var random = SeededGenerator(seed: seed, counter, round)
            return random.next()
        }
    }

    /// The index at a place.
    subscript(place: Int) -> Int {
        precondition(place >= 0 && place < count, "place \(place) is not in 0..<\(count)")
        var index = UInt64(place)
        repeat { index = permuted(index) } while index >= UInt64(count)
        return Int(index)
    }

    private func permuted(_ index: UInt64) -> UInt64 {
        let mask = (UInt64(1) << halfBits) - 1
        var (left, right) = (index >> halfBits, index & mask)
        for key in keys {
            var random = SeededGenerator(seed: key, right)
            (left, right) = (right, left ^ (random.next() & mask))
        }
        return left << halfBits | right
    }
}
