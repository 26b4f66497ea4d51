/// How large a concept is drawn, and where; a large one fills the image.
package enum Placement: Sendable, Hashable, CaseIterable {
    case large
    case medium(Place)
    case small(Place)

    package enum Place: Sendable, Hashable, CaseIterable {
        case center, left, right, top, bottom

        /// The end of a caption.
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

    package static var allCases: [Placement] {
        [.large] + Place.allCases.map(Placement.medium) + Place.allCases.map(Placement.small)
    }

    /// The longer side of the glyph in pixels, in an image of 64 × 64.
    var width: Int {
        switch self {
        case .large: 60
        case .medium: 44
        case .small: 30
        }
    }

    /// The word before the noun in a caption.
    var adjective: String? {
        switch self {
        case .large: nil
        case .medium: "medium-sized"
        case .small: "small"
        }
    }

    var place: Place {
        switch self {
        case .large: .center
        case .medium(let place), .small(let place): place
        }
    }
}
