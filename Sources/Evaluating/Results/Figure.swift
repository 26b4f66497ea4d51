internal import Foundation

/// How a number of a table or a plot is written.
package enum Figure: Sendable, Equatable {
    /// With so many digits after the point.
    case decimal(Int)
    /// A share from 0 to 1 as percent with one digit after the point.
    case percent
    /// A difference, with its sign and so many digits after the point.
    case difference(Int)

    /// The number as text; a number that was not measured is a dash.
    package func text(_ value: Double?) -> String {
        guard let value, !value.isNaN else { return "–" }
        guard value.isFinite else { return value > 0 ? "∞" : "-∞" }
        return switch self {
        case .decimal(let digits): String(format: "%.\(digits)f", value)
        case .percent: String(format: "%.1f %%", 100 * value)
        case .difference(let digits): String(format: "%+.\(digits)f", value)
        }
    }
}
