internal import Checkpoints
package import Layers
package import Tensors

/// The vectors of the codes, and the choice of the nearest (van den Oord et al., 2017).
package struct Codebook {
    /// What quantization makes of vectors.
    package struct Quantized {
        /// The codes, int64, shaped as the vectors without their last dimension.
        package let codes: Tensor
        /// The codes' vectors, shaped as the vectors given; the gradient goes straight through to
        /// those.
        package let vectors: Tensor
        /// The mean squared distance from the vectors to their codes, which draws them there.
        package let commitment: Tensor
    }

    /// The name of the weight below the codebook's scope.
    static let weightName = "weight"

    /// One row a code [K, W].
    package let weight: Tensor

    /// States a table of `count` vectors of `width` numbers.
    package init(_ count: Int, _ width: Int, _ scope: ParameterScope) throws {
        weight = try scope.parameter(
            Self.weightName,
            [count, width],
            role: .table,
            initially: .normal(deviation: 1)
        )
    }

    /// The code nearest to each of the vectors [..., W]: int64 [...]; of equally near ones the first.
    package func nearest(to vectors: Tensor) -> Tensor {
        withoutGradients {
            let rows = vectors.reshaped([-1, weight.size(1)])
            // |x - c|² = |x|² - 2 x·c + |c|², and |x|² is the same for every code.
            let closeness = rows.linear(weight) * 2 - (weight * weight).sum([1])
            return closeness.argmax(1).reshaped(Array(vectors.shape.dropLast()))
        }
    }

    /// Replaces each of the vectors [..., W] by that of the nearest code.
    package func quantize(_ vectors: Tensor) -> Quantized {
        let codes = nearest(to: vectors)
        let nearest = withoutGradients { self.vectors(of: codes) }
        let difference = nearest - vectors
        return Quantized(
            codes: codes,
            vectors: vectors + difference.detached(),
            commitment: (difference * difference).mean()
        )
    }

    /// The mean squared distance from the codes to the vectors [..., W] that chose them, which draws the
    /// codes there (van den Oord et al., 2017, equation 3, second term).
    package func attraction(to vectors: Tensor, choosing codes: Tensor) -> Tensor {
        let difference = self.vectors(of: codes) - vectors.detached()
        return (difference * difference).mean()
    }

    /// The vectors [..., W] of codes int64 [...].
    package func vectors(of codes: Tensor) -> Tensor {
        codes.embedded(by: weight)
    }
}
