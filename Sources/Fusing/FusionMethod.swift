package import Decoders

/// How two parents become one model (JAM, Aiello et al., ICLR 2024, section 3).
package enum FusionMethod: Sendable, Equatable {
    /// JAM-Uniform: every weight is the average of the parents'.
    ///
    /// `textShare` is the share of the text parent, from 0 to 1; the paper takes ½.
    case uniform(textShare: Double)
    /// JAM-Width: twice as wide, the parents on the diagonal of every matrix.
    case width(offDiagonal: OffDiagonal, norm: WidthNorm)
    /// JAM-Cross: both parents whole, as towers, with a bridge after every `interval`-th layer.
    case cross(every: Int, direction: CrossConfig.Direction, start: CrossStart)

    /// The word for the method on the command line and in a manifest.
    package var name: String {
        switch self {
        case .uniform: "uniform"
        case .width: "width"
        case .cross: "cross"
        }
    }

    /// The name that the paper gives the result.
    package var title: String {
        switch self {
        case .uniform: "JAM-Uniform"
        case .width: "JAM-Width"
        case .cross: "JAM-Cross"
        }
    }
}

/// What stands beside the parents' matrices T and I on the diagonal of a widened matrix.
package enum OffDiagonal: String, Sendable, CaseIterable {
    /// `[[T, T], [I, I]]`: each half of the output reads both halves as its own parent reads one.
    case copy
    /// `[[T, A], [A, I]]` with A = (T + I) / 2.
    case average
    /// `[[T, 0], [0, I]]`.
    case zero
}

/// Over what the norms of a widened model are taken.
package enum WidthNorm: String, Sendable, CaseIterable {
    /// The whole width, as the parents' family does: `transformers` loads the result.
    case whole
    /// Each parent's half by itself: with ``OffDiagonal/zero`` each half stays just its parent.
    case halves
}

/// What a Cross model is before it is trained.
package enum CrossStart: Sendable, Equatable {
    /// As in the paper: one shared input table, bridges that begin as the self-attention at their
    /// place, and a mixer that averages the towers.
    case paper
    /// Silent bridges and a table for each tower: the logits of text tokens are exactly the text
    /// parent's, those of image codes exactly the image parent's.
    ///
    /// `untrained` may name a token that no parent has learned. Where the head is the table, training
    /// pushes the rows of all such tokens the same way, far from those that are learned (Land and
    /// Bartolo, 2024, "Fishing for Magikarp"), so that as inputs they disturb what stands beside them.
    /// A tower's input rows that point as that token's does (``UntrainedRows``) start at zero.
    case preserving(untrained: String? = nil)

    /// The word for the start on the command line and in a manifest.
    package var name: String {
        switch self {
        case .paper: "paper"
        case .preserving: "preserving"
        }
    }
}
