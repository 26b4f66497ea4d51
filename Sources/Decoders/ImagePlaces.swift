internal import Layers

/// Where the tokens of a sequence stand among its images.
///
/// A cache remembers where each row is, so that a sequence can be read in parts.
final class ImagePlaces {
    /// What is true of a token.
    struct Place: OptionSet {
        let rawValue: UInt8

        /// A code of an image without an alternative text, as a user shows it, precedes or is the token.
        static let sees = Place(rawValue: 1 << 0)
        /// In an alternative text: from the token that begins it up to the next image token.
        static let describes = Place(rawValue: 1 << 1)
        /// From the beginning of an alternative text until text follows its image's codes.
        static let draws = Place(rawValue: 1 << 2)
        /// As ``draws``, from the image's first code on: behind the image it is decided what follows.
        static let hasDrawn = Place(rawValue: 1 << 3)

        /// Whether the image tower has a say in text tokens by learned weights.
        var weighsWords: Bool { !isDisjoint(with: [.sees, .hasDrawn]) && !contains(.describes) }
    }

    private let tokens: CrossConfig.ImageTokens

    init(_ tokens: CrossConfig.ImageTokens) { self.tokens = tokens }

    /// The place of each token of each row.
    func callAsFunction(_ rows: TokenRows, _ cache: KeyValueCache?) -> [[Place]] {
        let count = rows.counts.count
        let marks = cache?.marks(of: self, rows: count) ?? Array(repeating: 0, count: count)
        var last = marks.map(Place.init(rawValue:))
        let places = rows.counts.indices.map { row in
            rows[row].map { token in
                advance(&last[row], by: token)
                return last[row]
            }
        }
        cache?.setMarks(of: self, last.map(\.rawValue))
        return places
    }

    private func advance(_ place: inout Place, by token: Int) {
        if token == tokens.altText {
            place.formUnion([.describes, .draws])
            place.remove(.hasDrawn)
        } else if tokens.contains(token) {
            place.remove(.describes)
            guard tokens.codes.contains(token) else { return }
            place.insert(place.contains(.draws) ? .hasDrawn : .sees)
        } else if place.contains(.hasDrawn) {
            place.subtract([.draws, .hasDrawn])
        }
    }
}
