internal import CTorch

extension Tensor {
    /// Whether gradients flow to this tensor.
    package var requiresGradient: Bool {
        get { torch.requires_gradient(handle) }
        set {
            TorchErrorScope.require(torch.require_gradient(handle, newValue))
        }
    }

    /// The same elements without gradient history.
    package func detached() -> Tensor {
        Tensor.make { torch.detach(handle, $0) }
    }

    /// Adds the gradient of this scalar to every leaf that it was computed from.
    package func backward() {
        TorchErrorScope.require(torch.backward(handle))
    }

    /// The gradient accumulated in this leaf since it was last cleared.
    package var gradient: Tensor? {
        var result: CTTensor?
        TorchErrorScope.require(torch.gradient(handle, &result))
        return result.map(Tensor.init(owning:))
    }

    package func clearGradient() {
        TorchErrorScope.require(torch.clear_gradient(handle))
    }

    /// Sets the gradient of the rows `range` of this leaf to zero, if it has one.
    package func clearGradient(ofRows range: Range<Int>) {
        gradient?.narrowed(0, range).copy(from: .zeros([1]))
    }

    /// The rows `range` of this leaf as a leaf that shares their memory, with a copy of their
    /// gradient; `nil` if this leaf has none.
    package func leaf(ofRows range: Range<Int>) -> Tensor? {
        guard let gradient else { return nil }
        let rows = detached().narrowed(0, range)
        rows.requiresGradient = true
        // The gradient of Σ x · g is g, bit for bit.
        (rows * gradient.narrowed(0, range)).sum().backward()
        return rows
    }
}

/// Runs `body` without recording operations for gradients (`torch.no_grad`).
package func withoutGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = torch.set_gradient_mode(false)
    defer { _ = torch.set_gradient_mode(before) }
    return try body()
}

/// Runs `body`, if wanted with mixed precision (Micikevicius et al., 2018): linear layers of float32
/// tensors multiply bfloat16 numbers, and so do their gradients; sums, weights and gradients are
/// float32, and so are logits.
package func withMixedPrecision<Result>(
    _ isWanted: Bool,
    _ body: () throws -> Result
) rethrows -> Result {
    let before = torch.set_mixed_precision(isWanted)
    defer { _ = torch.set_mixed_precision(before) }
    return try body()
}

/// The 2-norm of the gradients of all leaves together.
package func gradientNorm(of leaves: [Tensor]) -> Double {
    var norm = 0.0
    let status = leaves.withHandles { torch.gradient_norm($0, $1, &norm) }
    TorchErrorScope.require(status)
    return norm
}

/// Multiplies the gradients of all leaves by a number.
package func scaleGradients(of leaves: [Tensor], by factor: Double) {
    let status = leaves.withHandles { torch.scale_gradients($0, $1, factor) }
    TorchErrorScope.require(status)
}

/// The hyperparameters of one AdamW step; weight decay is decoupled.
package struct AdamWStep: Sendable {
    package var learningRate: Double
    package var beta1: Double
    package var beta2: Double
    package var epsilon: Double
    package var weightDecay: Double

    package init(
        learningRate: Double,
        beta1: Double,
        beta2: Double,
        epsilon: Double,
        weightDecay: Double
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
    }
}

/// Updates the leaves that have gradients by one AdamW step (Loshchilov and Hutter, 2019).
///
/// - Parameters:
///   - leaves: float32 leaves.
///   - first: the first moments (EMA of gradients), shaped as the leaves.
///   - second: the second moments (EMA of squared gradients), shaped as the leaves.
///   - count: the number of this step, from 1.
///   - settings: the hyperparameters.
package func stepAdamW(
    _ leaves: [Tensor],
    first: [Tensor],
    second: [Tensor],
    count: Int,
    settings: AdamWStep
) {
    precondition(leaves.count == first.count && leaves.count == second.count)
    let status = leaves.withHandles { leaves, leafCount in
        first.withHandles { first, _ in
            second.withHandles { second, _ in
                torch.adamw(
                    leaves,
                    first,
                    second,
                    leafCount,
                    Int64(count),
                    settings.learningRate,
                    settings.beta1,
                    settings.beta2,
                    settings.epsilon,
                    settings.weightDecay
                )
            }
        }
    }
    TorchErrorScope.require(status)
}

extension [Tensor] {
    fileprivate func withHandles<Result>(_ body: (UnsafePointer<CTTensor?>?, Int) -> Result)
        -> Result
    {
        let handles: [CTTensor?] = map(\.handle)
        return withExtendedLifetime(self) {
            handles.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
        }
    }
}
