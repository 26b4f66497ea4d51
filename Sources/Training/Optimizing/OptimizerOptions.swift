/// How weights are moved by their gradients, after clipping.
package struct OptimizerOptions: Sendable, Equatable {
    /// The rule that matrices and kernels are moved by; all other weights are moved by AdamW.
    package enum Method: String, Sendable, CaseIterable {
        /// AdamW (Loshchilov and Hutter, 2019).
        case adamW = "adamw"
        /// Muon (Jordan et al., 2024): momentum, made orthogonal.
        case muon
    }

    /// The rule that matrices and kernels are moved by.
    package var method: Method
    /// How much of Muon's momentum stays at each step.
    package var momentum: Double
    /// The decay of the first moment.
    package var beta1: Double
    /// The decay of the second moment.
    package var beta2: Double
    /// Keeps the division finite.
    package var epsilon: Double
    /// The decoupled decay of matrices and kernels; gains, biases, tables and heads have none.
    package var weightDecay: Double
    /// The greatest 2-norm of all gradients together; longer ones are shortened to it.
    package var clipNorm: Double
    /// What the learning rate is multiplied by for the weights whose names begin so; the longest beginning
    /// that fits decides, and zero freezes them.
    package var learningRateMultipliers: [String: Double]

    /// Sets the options; the defaults are those of most published language models.
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

    /// What the learning rate of a weight is multiplied by.
    package func learningRateMultiplier(of name: String) -> Double {
        let fitting = learningRateMultipliers.filter { name.hasPrefix($0.key) }
        return fitting.max { $0.key.utf8.count < $1.key.utf8.count }?.value ?? 1
    }
}
