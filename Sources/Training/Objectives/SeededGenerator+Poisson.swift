import Basics

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension SeededGenerator {
    /// A Poisson variate of a small mean (Knuth, 1969).
    mutating func nextPoisson(mean: Double) -> Int {
        precondition(
            mean >= 0 && mean < 100,
            "the product of uniform numbers underflows for a large mean"
        )
        let limit = exp(-mean)
        var count = -1
        var product = 1.0
        repeat {
            product *= nextUniform()
            count += 1
        } while product > limit
        return count
    }
}
