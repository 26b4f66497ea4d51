/// How two parents become one model (JAM, Aiello et al., ICLR 2024, section 3).
package enum FusionMethod: Sendable, Equatable {
    /// JAM-Uniform: every weight is the average of the parents'.
    ///
    /// `textShare` is the share of the text parent, from 0 to 1; the paper takes ½.
    case uniform(textShare: Double)
    /// JAM-Width: twice the hidden size, with the parents on the diagonal of every matrix.
    case width(offDiagonal: OffDiagonal, norm: WidthNorm)
    /// JAM-Cross: both parents as towers, with bridges between them.
    case cross(CrossOptions)

    /// The name on the command line and in a manifest.
    package var name: String {
        switch self {
        case .uniform: "uniform"
        case .width: "width"
        case .cross: "cross"
        }
    }

    /// The name in the paper.
    package var title: String {
        switch self {
        case .uniform: "JAM-Uniform"
        case .width: "JAM-Width"
        case .cross: "JAM-Cross"
        }
    }
}

/// The blocks of a widened matrix beside the parents' matrices T and I on its diagonal.
package enum OffDiagonal: String, Sendable, CaseIterable {
    /// `[[T, T], [I, I]]`: each half of the output reads both halves of the input. The paper copies,
    /// but does not say which parent where (decision 21).
    case copy
    /// `[[T, A], [A, I]]` with A = (T + I) / 2.
    case average
    /// `[[T, 0], [0, I]]`.
    case zero
}

/// The features that a norm of a widened model averages over.
package enum WidthNorm: String, Sendable, CaseIterable {
    /// All of them, as in the parents' family, so that `transformers` loads the result.
    case whole
    /// Each parent's half by itself: with ``OffDiagonal/zero`` each half computes its parent.
    case halves
}
