internal import Foundation

/// A scale from zero, or from the least number if that is below, with round marks.
struct Axis {
    /// Where the marks are, rising; the first and the last are the ends of the scale.
    let marks: [Double]

    /// Covers all numbers that are finite.
    init(covering values: [Double?]) {
        let finite = values.compactMap { $0 }.filter(\.isFinite)
        let (low, high) = (min(0, finite.min() ?? 0), max(0, finite.max() ?? 0))
        let step = Self.roundStep(atLeast: (high - low) / 4)
        let first = (low / step).rounded(.down)
        let last = max((high / step).rounded(.up), first + 1)
        marks = stride(from: first, through: last, by: 1).map { $0 * step }
    }

    /// How far up a number is, from 0 to 1.
    func share(of value: Double) -> Double {
        let (low, high) = (marks[0], marks[marks.count - 1])
        return (value - low) / (high - low)
    }

    /// The least of 1, 2, 5, 10, 20, … and their tenths that is not below `size`.
    private static func roundStep(atLeast size: Double) -> Double {
        guard size > 0 else { return 1 }
        let power = pow(10, log10(size).rounded(.down))
        return ([1, 2, 5].first { $0 * power >= size * (1 - 1e-9) } ?? 10) * power
    }
}
