import Basics

/// How many images an answer may have, and how many it must have.
public struct ImageCount: Sendable, Equatable {
    /// The answer does not end before it has this many.
    public let minimum: Int
    /// The answer never has more than this many.
    public let maximum: Int

    /// The most images that one answer can be asked for.
    public static let limit = 1000

    /// No image at all.
    public static let none = ImageCount(unchecked: 0, 0)

    /// Just one image.
    public static let one = ImageCount(unchecked: 1, 1)

    /// The same, but for one image at least where there may be one.
    var atLeastOne: ImageCount {
        minimum == 0 && maximum > 0 ? ImageCount(unchecked: 1, maximum) : self
    }

    /// Between `minimum` and `maximum` images.
    ///
    /// - Throws: ``OptionError`` unless 0 ≤ minimum ≤ maximum ≤ ``limit``.
    public init(_ minimum: Int, _ maximum: Int) throws(OptionError) {
        guard 0 <= minimum, minimum <= maximum, maximum <= Self.limit else {
            throw Self.refusal(of: "\(minimum)..\(maximum)")
        }
        self.minimum = minimum
        self.maximum = maximum
    }

    /// Reads `MIN..MAX`, or one number that is both.
    public init(parsing text: String) throws(OptionError) {
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
