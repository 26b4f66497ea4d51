/// A pseudorandom permutation of `0..<count` that needs no memory: each element is computed on
/// demand.
///
/// A Feistel network of four rounds over the next even power of two, iterated until it falls below
/// `count` (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002).
package struct KeyedPermutation: Sendable {
    private let count: Int
    private let halfBits: UInt64
    private let keys: [UInt64]

    package init(count: Int, seed: UInt64, epoch: Int) {
        precondition(count > 0, "there is nothing to permute")
        self.count = count
        var halfBits: UInt64 = 1
        while count > 1 << (2 * halfBits) { halfBits += 1 }
        self.halfBits = halfBits
        keys = (UInt64(0)..<4).map { round in
            var random = SeededGenerator(seed: seed, UInt64(epoch), round)
            return random.next()
        }
    }

    package subscript(index: Int) -> Int {
        precondition((0..<count).contains(index), "\(index) is not in 0..<\(count)")
        var value = UInt64(index)
        repeat { value = permuted(value) } while value >= UInt64(count)
        return Int(value)
    }

    /// The elements of batch `number` in an endless sequence of epochs, each a permutation of
    /// `0..<count`.
    package static func batch(_ number: Int, of size: Int, count: Int, seed: UInt64) -> [Int] {
        (number * size..<(number + 1) * size).map { place in
            let (epoch, index) = place.quotientAndRemainder(dividingBy: count)
            return KeyedPermutation(count: count, seed: seed, epoch: epoch)[index]
        }
    }

    private func permuted(_ value: UInt64) -> UInt64 {
        let mask = (UInt64(1) << halfBits) - 1
        var (left, right) = (value >> halfBits, value & mask)
        for key in keys {
            var random = SeededGenerator(seed: key, right)
            (left, right) = (right, left ^ (random.next() & mask))
        }
        return left << halfBits | right
    }
}
