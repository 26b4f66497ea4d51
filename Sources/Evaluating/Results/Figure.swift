internal import Basics

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
        case .decimal(let digits): value.decimals(digits)
        case .percent: value.percent(decimals: 1)
        case .difference(let digits): value.decimals(digits, signed: true)
        }
    }
}
