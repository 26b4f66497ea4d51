internal import Basics
internal import Foundation
internal import Tensors

/// How the codes of an image are made to follow the prompt more closely.
///
/// Each kind compares the logits c with those of unconditional branches: u, which reads no text, and
/// n, which reads nothing of the prompt.
public enum Guidance: Sendable, Hashable {
    /// Classifier-free guidance: u + scale · (c − u) (CM3Leon, section 2.3). 1 is no guidance.
    case classifierFree(Double)
    /// Two scales, for editing an image of the prompt: n + image · (u − n) + text · (c − u) (Brooks
    /// et al., 2023, equation 3).
    case editing(text: Double, image: Double)
    /// Contrastive decoding top-k, CD-K: c − u among the codes that have at least `alpha` times the
    /// probability of the `k`th most probable one (CM3Leon, section 2.4).
    case contrastive(k: Int, alpha: Double)

    /// The scale of ``usual``.
    public static let usualScale = 2.0
    /// The default.
    public static let usual = Guidance.classifierFree(usualScale)
    /// No guidance.
    public static let off = Guidance.classifierFree(1)

    /// What an unconditional branch reads in place of the prompt and the answer so far.
    enum Branch: Sendable {
        /// All of it with its texts masked; in inpainting, without the caption.
        case withoutText
        /// The answer alone, with its texts masked.
        case withoutPrompt
    }

    /// The unconditional branches, in the order of the formulas.
    var branches: [Branch] {
        switch self {
        case .classifierFree(1): []
        case .classifierFree, .contrastive: [.withoutText]
        case .editing: [.withoutText, .withoutPrompt]
        }
    }

    /// The settings in a few characters.
    package var summary: String {
        switch self {
        case .classifierFree(1): "no guidance"
        case .classifierFree(let scale): "guidance \(scale)"
        case .editing(let text, let image): "guidance \(text), image guidance \(image)"
        case .contrastive(let k, let alpha): "contrastive \(k),\(alpha)"
        }
    }

    /// Refuses settings out of range.
    func check() throws(SettingError) {
        func check(_ setting: SettingError.Setting, _ scale: Double) throws(SettingError) {
            guard (0...100).contains(scale) else {
                throw SettingError(setting, "\(scale)", "a number from 0 to 100; 1 is no guidance")
            }
        }
        switch self {
        case .classifierFree(let scale): try check(.guidance, scale)
        case .editing(let text, let image):
            try check(.guidance, text)
            try check(.imageGuidance, image)
        case .contrastive(let k, let alpha):
            guard (1...1_000_000).contains(k), alpha > 0, alpha <= 1 else {
                throw SettingError(
                    .contrastive,
                    "\(k),\(alpha)",
                    "K,ALPHA with an integer K from 1 and a number ALPHA above 0 and up to 1"
                )
            }
        }
    }
}

// P answers, C image codes.

extension Guidance {
    /// Combines the logits of answers with those of their unconditional branches.
    ///
    /// Only plausible codes can be chosen, those with at least a share of the highest probability (Li
    /// et al., 2023, section 3.2): where a model is sure, the tails of c and u are noise, and their
    /// enlarged difference would pick from them. CM3Leon states its guidance without this bound.
    ///
    /// - Parameters:
    ///   - c: the logits [P, C].
    ///   - unconditional: those of each of ``branches``, [P, C].
    ///   - plausibility: that share, for all kinds but CD-K, which has its own; 0 for no bound.
    /// - Returns: [P, C], 10⁹ lower where a code cannot be chosen.
    func logits(_ c: Tensor, _ unconditional: [Tensor], plausibility: Double) -> Tensor {
        func plausible(_ scores: Tensor) -> Tensor {
            plausibility == 0 ? scores : scores.keeping(where: c, reach: plausibility, ofBest: 1)
        }
        switch self {
        case .classifierFree(1): return c
        case .classifierFree(let scale):
            let u = unconditional[0]
            return plausible(u + (c - u) * scale)
        case .editing(let text, let image):
            let (u, n) = (unconditional[0], unconditional[1])
            return plausible(n + (u - n) * image + (c - u) * text)
        case .contrastive(let k, let alpha):
            return (c - unconditional[0]).keeping(where: c, reach: alpha, ofBest: k)
        }
    }
}

extension Tensor {
    /// These scores [P, C], 10⁹ lower where logits `c` do not reach `share` times the probability of
    /// the `k`th best code.
    fileprivate func keeping(where c: Tensor, reach share: Double, ofBest k: Int) -> Tensor {
        let count = min(k, c.size(1))
        let bound = c.top(count, 1).values.narrowed(1, count - 1..<count)  // [P, 1]
        let isImplausible = c - bound .< log(share)
        return self + isImplausible.to(.float32) * Double(-1e9)
    }
}
