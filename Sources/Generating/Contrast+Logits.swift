internal import Basics
internal import Foundation
internal import Tensors

// P answers, C image codes.

extension Contrast {
    /// Brings the logits of the answers and those of their guides together.
    ///
    /// Guidance chooses among the plausible codes only, those with at least a tenth of the most probable
    /// one's probability (Li et al., 2023, section 3.2): where a model is sure, the tails of c and u
    /// are noise, and their difference, enlarged, would pick from them.
    ///
    /// - Parameters:
    ///   - conditional: the logits c [P, C].
    ///   - guides: those of each of ``guides``, [P, C].
    /// - Returns: [P, C], far below all others where a code may not be chosen.
    func logits(_ conditional: Tensor, _ guides: [Tensor]) -> Tensor {
        let c = conditional
        switch self {
        case .guidance(1): return c
        case .guidance(let scale):
            let u = guides[0]
            return (u + (c - u) * scale).keeping(where: c, hasShare: 0.1, ofLikeliest: 1)
        case .editing(let text, let image):
            let (u, n) = (guides[0], guides[1])
            return (n + (u - n) * image + (c - u) * text)
                .keeping(where: c, hasShare: 0.1, ofLikeliest: 1)
        case .contrastive(let k, let alpha):
            return (c - guides[0]).keeping(where: c, hasShare: alpha, ofLikeliest: k)
        }
    }
}

extension Tensor {
    /// These scores [P, C], 10⁹ lower where logits `c` give less than `share` times the probability
    /// of the `k`th most probable code.
    fileprivate func keeping(where c: Tensor, hasShare share: Double, ofLikeliest k: Int) -> Tensor
    {
        let count = min(k, c.size(1))
        let bound = c.top(count, 1).values.narrowed(1, count - 1..<count)  // [P, 1]
        let isImplausible = c - bound .< log(share)
        return self + isImplausible.to(.float32) * Double(-1e9)
    }
}
