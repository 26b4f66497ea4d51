internal import Basics
public import Tensors

extension Tensor {
    /// Classifier-free guidance among the plausible: u + α (c − u) of these conditional logits c
    /// [P, N] and logits u of the same without its texts (CM3Leon, section 2.3), and far below all
    /// others where c gives a token less than a tenth of the likeliest one's probability.
    ///
    /// Where a model is sure, the tails of c and u are noise, and their difference, enlarged, would
    /// pick from them. The bound is that of contrastive decoding (Li et al., 2023, section 3.2).
    public func guided(from unconditional: Tensor, scale: Double) -> Tensor {
        let isImplausible = self - top(1, 1).values .< Self.plausibility  // [P, N]
        return unconditional + (self - unconditional) * scale
            + isImplausible.to(.float32) * Double(-1e9)
    }

    /// The logarithm of a tenth.
    private static let plausibility = -2.302585
}
