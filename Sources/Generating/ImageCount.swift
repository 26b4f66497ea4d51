import Basics

/// How many images an answer may have, and how many it must have.
package struct ImageCount: Sendable, Equatable {
    /// The answer does not end before it has this many.
    package let minimum: Int
    /// The answer never has more than this many.
    package let maximum: Int

    /// The most images that one answer can be asked for.
    package static let limit = 1000

    /// No image at all.
    package static let none = ImageCount(unchecked: 0, 0)

    /// Just one image.
    package static let one = ImageCount(unchecked: 1, 1)

    /// The same, but for one image at least where there may be one.
    var atLeastOne: ImageCount {
        minimum == 0 && maximum > 0 ? ImageCount(unchecked: 1, maximum) : self
    }

    /// Between `minimum` and `maximum` images.
    ///
    /// - Throws: ``OptionError`` unless 0 ≤ minimum ≤ maximum ≤ ``limit``.
    package init(_ minimum: Int, _ maximum: Int) throws(OptionError) {
        guard 0 <= minimum, minimum <= maximum, maximum <= Self.limit else {
            throw Self.refusal(of: "\(minimum)..\(maximum)")
        }
        self.minimum = minimum
        self.maximum = maximum
    }

    /// Reads `MIN..MAX`, or one number that is both.
    package init(parsing text: String) throws(OptionError) {
        let parts = text.split(separator: "..", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first, let last = parts.last,
            let minimum = Int(first), let maximum = Int(last),
            (0...Self.limit).contains(minimum), (minimum...Self.limit).contains(maximum)
        else { throw Self.refusal(of: text) }
        self.minimum = minimum
        self.maximum = maximum
    }

    private init(unchecked minimum: Int, _ maximum: Int) {
        self.minimum = minimum
        self.maximum = maximum
    }

    private static func refusal(of value: String) -> OptionError {
        OptionError(
            flag: "--images",
            value: value,
            allowed: "MIN..MAX with 0 <= MIN <= MAX <= \(limit), or one number"
        )
    }
}
