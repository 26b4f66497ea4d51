/// How large a concept is drawn, and where; a large one fills the image.
package enum Placement: Sendable, Hashable, CaseIterable {
    case large
    case medium(Place)
    case small(Place)

    /// Where a thing stands that does not fill the image.
    package enum Place: Sendable, Hashable, CaseIterable {
        case center, left, right, top, bottom

        /// " on the left"; nothing for the center.
        var phrase: String {
            switch self {
            case .center: ""
            case .left: " on the left"
            case .right: " on the right"
            case .top: " at the top"
            case .bottom: " at the bottom"
            }
        }
    }

    /// All eleven placements.
    package static var allCases: [Placement] {
        [.large] + Place.allCases.map(Placement.medium) + Place.allCases.map(Placement.small)
    }

    /// Pixels from side to side of the glyph's whole cell, in an image of 64 by 64.
    var width: Int {
        switch self {
        case .large: 60
        case .medium: 44
        case .small: 30
        }
    }

    /// The word that goes before the noun; `nil` for large, which goes without saying.
    var adjective: String? {
        switch self {
        case .large: nil
        case .medium: "medium-sized"
        case .small: "small"
        }
    }

    /// Where the glyph stands.
    var place: Place {
        switch self {
        case .large: .center
        case .medium(let place), .small(let place): place
        }
    }
}
