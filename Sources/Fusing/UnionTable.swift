package import Vocabulary

/// How a table of a row a token is made over the union of two vocabularies; T and I as in
/// ``TensorRule``.
///
/// A row that a parent lacks is the mean of that parent's rows for the pieces of the same text.
/// Where it has no pieces either, the row is zero, as for untrained rows (decision 13): a mean of
/// all rows would say "any word" where an image code or a special token stands. An average takes the
/// other parent's row instead.
package struct UnionTable: Sendable, Equatable {
    /// What a row is made of.
    package enum Layout: Sendable, Equatable {
        /// Rows of one parent; those untrained like the parent's row `untrained` are zero.
        case own(Parent.Role, untrained: Int?)
        /// T where the text parent has the token, otherwise I; image codes are I.
        case byOwner
        /// The same with [T | 0] and [0 | I].
        case byOwnerSideBySide
        /// s · [T | I].
        case sideBySide(scale: Double)
        /// w T + (1 − w) I.
        case average(textShare: Double)
    }

    /// The text parent's table.
    package let text: ParentWeight
    /// The image parent's table.
    package let image: ParentWeight
    /// What a row is made of.
    package let layout: Layout
    /// Which rows of both tables stand for each token.
    package let union: TokenUnion

    init(text: String, image: String, _ layout: Layout, _ union: TokenUnion) {
        self.text = .text(text)
        self.image = .image(image)
        self.layout = layout
        self.union = union
    }

    /// The parents' tables that are read.
    var sources: [ParentWeight] {
        switch layout {
        case .own(.text, _): [text]
        case .own(.image, _): [image]
        default: [text, image]
        }
    }

    /// The rule in words.
    var summary: String {
        switch layout {
        case .own(let role, let token):
            "rows matched in the \(role.rawValue) parent, or mean of pieces, or zero"
                + (token.map { "; zero where untrained as \($0)" } ?? "")
        case .byOwner: "rows of their owner: T, or I where T has none"
        case .byOwnerSideBySide: "rows of their owner: [T | 0], or [0 | I] where T has none"
        case .sideBySide(let scale):
            (scale == 1 ? "" : "\(scale) ") + "[T | I], matched or mean of pieces or zero"
        case .average(let share): "\(share) T + \(1 - share) I, matched or mean of pieces, or owner"
        }
    }

    /// The table as rectangles of all its rows.
    func tiles(_ shape: (ParentWeight) -> MatrixShape) -> [Tile] {
        let rows = 0..<union.rows
        let left = 0..<shape(text).columns
        let right = left.upperBound..<left.upperBound + shape(image).columns
        switch layout {
        case .own(let role, let token):
            let (weight, side) = role == .text ? (text, union.text) : (image, union.image)
            let gathering = Tile.Gathering(weight: weight, map: side.map, untrained: token)
            return [Tile(rows, 0..<shape(weight).columns, .gathered([gathering]))]
        case .byOwner:
            return [Tile(rows, left, .gathered([ownedByText, ownedByImage]))]
        case .byOwnerSideBySide:
            return [
                Tile(rows, left, .gathered([ownedByText])),
                Tile(rows, right, .gathered([ownedByImage])),
            ]
        case .sideBySide(let scale):
            return [
                Tile(rows, left, .gathered([all(of: text, union.text.map, scale)])),
                Tile(rows, right, .gathered([all(of: image, union.image.map, scale)])),
            ]
        case .average(let share):
            return [Tile(rows, left, .gathered(average(share)))]
        }
    }

    private func all(of weight: ParentWeight, _ map: RowMap, _ scale: Double) -> Tile.Gathering {
        Tile.Gathering(weight: weight, map: map, scale: Float(scale))
    }

    private var ownedByText: Tile.Gathering {
        Tile.Gathering(weight: text, map: union.text.map.keeping(union.isOfText))
    }

    private var ownedByImage: Tile.Gathering {
        Tile.Gathering(weight: image, map: union.image.map.keeping { !union.isOfText($0) })
    }

    /// Both parents' rows by their shares; a row that one has nothing for is the other's whole.
    private func average(_ share: Double) -> [Tile.Gathering] {
        let (ofText, ofImage) = (union.text.map, union.image.map)
        let both = { (id: Int) in !ofText[id].isEmpty && !ofImage[id].isEmpty }
        return [
            all(of: text, ofText.keeping(both), share),
            all(of: image, ofImage.keeping(both), 1 - share),
            all(of: text, ofText.keeping { !both($0) }, 1),
            all(of: image, ofImage.keeping { !both($0) }, 1),
        ]
    }
}
