internal import Checkpoints
package import Layers
package import Tensors

/// A codebook for vector quantization (van den Oord et al., 2017).
package struct Codebook {
    /// Quantized latents.
    package struct Quantized {
        /// int64 [...].
        package let codes: Tensor
        /// The codes' vectors [..., W], with a straight-through gradient to the latents.
        package let vectors: Tensor
        /// The commitment loss: the mean squared distance from the latents to their codes.
        package let commitment: Tensor
    }

    /// One row per code [K, W].
    package let weight: Tensor

    package init(_ count: Int, _ width: Int, _ scope: ParameterScope) throws {
        weight = try scope.parameter(
            "weight",
            [count, width],
            role: .table,
            initially: .normal(std: 1)
        )
    }

    /// The nearest code, the first if there are several, of each latent [..., W]: int64 [...].
    package func nearest(to latents: Tensor) -> Tensor {
        withoutGradients {
            let rows = latents.reshaped([-1, weight.size(1)])
            // |x - c|² = |x|² - 2 x·c + |c|², and |x|² is the same for every code.
            let closeness = rows.linear(weight) * 2 - (weight * weight).sum([1])
            return closeness.argmax(1).reshaped(Array(latents.shape.dropLast()))
        }
    }

    /// Replaces each latent [..., W] by the vector of its nearest code.
    package func quantize(_ latents: Tensor) -> Quantized {
        let codes = nearest(to: latents)
        let nearest = withoutGradients { vectors(of: codes) }
        let difference = nearest - latents
        return Quantized(
            codes: codes,
            vectors: latents + difference.detached(),
            commitment: (difference * difference).mean()
        )
    }

    /// The codebook loss, the mean squared distance from codes to their latents [..., W] (van den Oord et
    /// al., 2017, equation 3, second term).
    package func codebookLoss(of latents: Tensor, _ codes: Tensor) -> Tensor {
        let difference = vectors(of: codes) - latents.detached()
        return (difference * difference).mean()
    }

    /// The vectors [..., W] of codes int64 [...].
    package func vectors(of codes: Tensor) -> Tensor {
        codes.embedded(by: weight)
    }
}
