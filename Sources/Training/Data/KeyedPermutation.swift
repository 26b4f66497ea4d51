import Basics

/// A permutation of `0..<count` that belongs to a key: any element is found without the others.
///
/// A Feistel network of four rounds over the next power of four, walked until it falls into the
/// range (Black and Rogaway, 2002). So the order of an epoch needs no memory and no state.
public struct KeyedPermutation: Sendable {
    private let count: Int
    private let halfBits: UInt64
    private let keys: [UInt64]

    /// The permutation of `0..<count` that belongs to a seed and an epoch.
    public init(count: Int, seed: UInt64, epoch: Int) {
        precondition(count > 0, "there is nothing to permute")
        self.count = count
        let bits = UInt64(Int.bitWidth - (count - 1).leadingZeroBitCount)
        halfBits = max(1, (bits + 1) / 2)
        var generator = SeededGenerator(seed: seed, UInt64(epoch))
        keys = (0..<4).map { _ in generator.next() }
    }

    /// The element at `index` of the permuted order.
    public subscript(index: Int) -> Int {
        precondition((0..<count).contains(index), "\(index) is not in 0..<\(count)")
        var value = UInt64(index)
        repeat { value = encrypted(value) } while value >= UInt64(count)
        return Int(value)
    }

    private func encrypted(_ value: UInt64) -> UInt64 {
        let mask = (1 << halfBits) - 1 as UInt64
        var left = value >> halfBits
        var right = value & mask
        for key in keys {
            var round = SeededGenerator(seed: key ^ right)
            (left, right) = (right, left ^ (round.next() & mask))
        }
        return left << halfBits | right
    }
}
