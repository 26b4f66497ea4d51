/// A weight of one of the parents.
package struct ParentWeight: Sendable, Hashable {
    /// Whose.
    package let parent: Parent.Role
    /// Its name in that parent's checkpoint.
    package let name: String

    /// The weight `name` of the text parent.
    package static func text(_ name: String) -> ParentWeight {
        ParentWeight(parent: .text, name: name)
    }

    /// The weight `name` of the image parent.
    package static func image(_ name: String) -> ParentWeight {
        ParentWeight(parent: .image, name: name)
    }
}

/// How one weight of the fused model is made; T is the text parent's weight, I the image parent's.
package enum TensorRule: Sendable, Equatable {
    /// The weight of one parent as it is.
    case copy(ParentWeight)
    /// The table of one parent; rows that are untrained like the row `token` are zero.
    case copyLearned(ParentWeight, untrained: Int)
    /// w T + (1 − w) I, of equal shapes.
    case average(text: String, image: String, textShare: Double)
    /// T above I: a vector twice as long.
    case stacked(text: String, image: String)
    /// s · [T | I]: a table twice as wide.
    case sideBySide(text: String, image: String, scale: Double)
    /// A matrix of 2 × 2 blocks with T and I on the diagonal, of equal shapes.
    case blocks(text: String, image: String, offDiagonal: OffDiagonal)
    /// The rows `imageRows` from I and all others from T, of one width.
    case rowsByModality(text: String, image: String, imageRows: Range<Int>)
    /// The rows `imageRows` are [0 | I], all others [T | 0].
    case rowsByModalitySideBySide(text: String, image: String, imageRows: Range<Int>)
    /// A table over the union of two vocabularies.
    case union(UnionTable)
    /// [½ E | ½ E] with the identity E: the mean of two states.
    case mean
    /// Zero everywhere.
    case zero
    /// Fresh: normally distributed around zero.
    case normal(deviation: Double, seed: UInt64)

    /// The parents' weights that the rule reads.
    package var sources: [ParentWeight] {
        switch self {
        case .copy(let weight), .copyLearned(let weight, _): [weight]
        case .average(let text, let image, _), .stacked(let text, let image),
            .sideBySide(let text, let image, _), .blocks(let text, let image, _),
            .rowsByModality(let text, let image, _),
            .rowsByModalitySideBySide(let text, let image, _):
            [.text(text), .image(image)]
        case .union(let table): table.sources
        case .mean, .zero, .normal: []
        }
    }

    /// The rule in words, without names of weights.
    package var summary: String {
        switch self {
        case .copy(let weight): "copied from the \(weight.parent.rawValue) parent"
        case .copyLearned(let weight, let token):
            "copied from the \(weight.parent.rawValue) parent, zero where untrained as \(token)"
        case .average(_, _, let share): "\(share) T + \(1 - share) I"
        case .stacked: "T, then I"
        case .sideBySide(_, _, let scale): scale == 1 ? "[T | I]" : "\(scale) [T | I]"
        case .blocks(_, _, .copy): "[[T, T], [I, I]]"
        case .blocks(_, _, .average): "[[T, A], [A, I]], A = (T + I) / 2"
        case .blocks(_, _, .zero): "[[T, 0], [0, I]]"
        case .rowsByModality: "image rows from I, others from T"
        case .rowsByModalitySideBySide: "image rows [0 | I], others [T | 0]"
        case .union(let table): table.summary
        case .mean: "mean of the towers"
        case .zero: "zero"
        case .normal(let deviation, let seed): "fresh, normal \(deviation), seed \(seed)"
        }
    }
}
