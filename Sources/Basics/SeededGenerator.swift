/// A counter-based random number generator: the n-th number is a pure function of the seed and n.
///
/// SplitMix64 (Steele, Lea and Flood, 2014). The state is one integer, so that a run can be resumed
/// exactly; streams with different counters do not overlap.
package struct SeededGenerator: RandomNumberGenerator, Sendable, Equatable, Codable {
    package private(set) var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    /// Starts the stream of `seed` and some counters, such as an epoch and an index.
    package init(seed: UInt64, _ counters: UInt64...) {
        state = seed
        for counter in counters {
            state = Self.mixed(state &+ 0x9E37_79B9_7F4A_7C15) ^ Self.mixed(counter &+ 0xD1B5_4A32)
        }
    }

    /// Returns 64 random bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mixed(state)
    }

    /// Skips `count` numbers.
    package mutating func skip(_ count: Int) {
        state &+= UInt64(count) &* 0x9E37_79B9_7F4A_7C15
    }

    /// Returns a uniform number in [0, 1).
    package mutating func nextUniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
