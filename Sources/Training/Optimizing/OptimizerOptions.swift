/// The hyperparameters of an optimizer; the defaults are those of most published language models.
package struct OptimizerOptions: Sendable, Equatable {
    /// The optimizer of matrices and kernels; all other weights have AdamW.
    package enum Method: String, Sendable, CaseIterable {
        /// AdamW (Loshchilov and Hutter, 2019).
        case adamW = "adamw"
        /// Muon (Jordan et al., 2024).
        case muon
    }

    package var method: Method
    /// The decay of Muon's momentum.
    package var momentum: Double
    /// The decay of the first moment.
    package var beta1: Double
    /// The decay of the second moment.
    package var beta2: Double
    package var epsilon: Double
    /// The decoupled weight decay of matrices and kernels; all other weights have none.
    package var weightDecay: Double
    /// Gradients are clipped to this global 2-norm.
    package var clipNorm: Double
    /// Learning rate multipliers by prefixes of weight names; the longest one decides, and 0
    /// freezes.
    ///
    /// A prefix with a ``RowGroup`` in brackets, as `lm_head[text]`, stands for these rows of tables
    /// and heads, and wins over the same prefix without.
    package var learningRateMultipliers: [String: Double]

    package init(
        method: Method = .adamW,
        momentum: Double = 0.95,
        beta1: Double = 0.9,
        beta2: Double = 0.95,
        epsilon: Double = 1e-8,
        weightDecay: Double = 0.1,
        clipNorm: Double = 1,
        learningRateMultipliers: [String: Double] = [:]
    ) {
        self.method = method
        self.momentum = momentum
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.clipNorm = clipNorm
        self.learningRateMultipliers = learningRateMultipliers
    }
}
