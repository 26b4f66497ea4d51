internal import Layers

extension TowerParts {
    /// The kind of each part: models with equal traits compute the same function of their weights,
    /// except for their ``hyperparameters``.
    package var traits: [(setting: String, value: String)] {
        let biased = [
            biases.attentionInputs ? "queries, keys, values" : nil,
            biases.attentionOutput ? "attention output" : nil,
            biases.feedForward ? "feed-forward" : nil,
        ].compactMap(\.self)
        return [
            ("norm", normTrait), ("positions", positionsTrait),
            ("biases", biased.isEmpty ? "none" : biased.joined(separator: ", ")),
            ("query-key norm", headNormTrait), ("feed-forward", feedForwardTrait),
            ("sliding window", window.map(\.trait) ?? "none"),
        ]
    }

    /// Whether queries and keys have a norm over each head.
    package var normalizesEachHead: Bool {
        switch headNorm {
        case .none, .rmsOverHeads: false
        case .rms, .layerPerHead: true
        }
    }

    private var normTrait: String {
        let kind =
            switch norm {
            case .rms(_, 0): "RMS norm"
            case .rms: "RMS norm of weights + 1"
            case .layer(_, affine: true): "layer norm"
            case .layer(_, affine: false): "layer norm without parameters"
            }
        return switch normPlacement {
        case .before: kind
        case .after: kind + " after each part"
        case .around: kind + " before and after each part"
        }
    }

    private var positionsTrait: String {
        guard case .rotary(_, let scaling, let share) = positions else { return "learned" }
        let kind =
            switch scaling {
            case .none: "rotary"
            case .linear: "rotary, scaled linearly"
            case .dynamic: "rotary, scaled dynamically"
            case .llama3: "rotary, scaled as in Llama 3"
            case .yarn: "rotary, scaled by YaRN"
            case .longRope: "rotary, scaled by LongRoPE"
            }
        return kind + (share == 1 ? "" : ", \(share) of each head")
            + (unrotatedLayers.isEmpty ? "" : ", none in layers \(unrotatedLayers.listed)")
    }

    private var headNormTrait: String {
        switch headNorm {
        case .none: "none"
        case .rms: "RMS norm, shared by heads"
        case .rmsOverHeads: "RMS norm over all heads"
        case .layerPerHead: "layer norm, one per head"
        }
    }

    private var feedForwardTrait: String {
        switch feedForward {
        case .gated(.silu, _): "SwiGLU"
        case .gated(let activation, _): "gated, \(activation.rawValue)"
        case .plain(let activation): activation.rawValue
        }
    }

    /// The hyperparameters of the parts, by their names in configs; the same names for equal
    /// ``traits``.
    package var hyperparameters: [(setting: String, value: String)] {
        let epsilon =
            switch norm {
            case .rms(let epsilon, _): (setting: "rms_norm_eps", value: "\(epsilon)")
            case .layer(let epsilon, _): (setting: "layer_norm_eps", value: "\(epsilon)")
            }
        let scale =
            switch embeddingScale {
            case .factor(let factor): "\(factor)"
            case .squareRootOfWidth: "the square root of the hidden size"
            }
        return [
            ("rope_theta", positions.baseText), ("rope_scaling", positions.scalingText),
            (
                "the positions of windowed layers",
                windowedPositions.map { "rope_theta \($0.baseText), \($0.scalingText)" }
                    ?? "the same"
            ), epsilon,
            ("the embeddings' scale", scale),
            ("the scale of attention scores", scoreScale.map { "\($0)" } ?? "1 / √head_dim"),
            ("residual_multiplier", "\(residualScale)"),
            ("the scale of logits", "\(outputScale)"),
        ]
    }
}

extension PositionKind {
    fileprivate var baseText: String {
        guard case .rotary(let base, _, _) = self else { return "none" }
        return "\(base)"
    }

    fileprivate var scalingText: String {
        guard case .rotary(_, let scaling, _) = self else { return "none" }
        switch scaling {
        case .none: return "none"
        case .linear(let factor), .dynamic(let factor): return "factor \(factor)"
        case .llama3(let factor, let low, let high, let context):
            return "factor \(factor), \(low) to \(high) of \(context)"
        case .yarn(let yarn):
            return "factor \(yarn.factor), \(yarn.fastTurns) to \(yarn.slowTurns) of "
                + "\(yarn.originalContext), attention factor \(yarn.attentionFactor)"
        case .longRope(let rope):
            let factors = rope.shortFactors.map { "\($0)" }.joined(separator: " ")
            return "factors \(factors) for \(rope.originalContext), attention factor "
                + "\(rope.attentionFactor)"
        }
    }
}
