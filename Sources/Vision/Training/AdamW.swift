internal import Checkpoints
internal import Layers
internal import Tensors

/// Weights that learn, with the moments of their gradients (Loshchilov and Hutter, 2019).
struct AdamW {
    private let names: [String]
    private let leaves: [Tensor]
    private let first: [Tensor]
    private let second: [Tensor]

    /// Makes the weights leaves that gather gradients.
    init(_ parameters: [Parameter]) {
        names = parameters.map(\.spec.name)
        leaves = parameters.map(\.tensor)
        first = leaves.map { Tensor.zeros($0.shape) }
        second = leaves.map { Tensor.zeros($0.shape) }
        for leaf in leaves { leaf.requiresGradient = true }
    }

    /// Forgets the gradients gathered so far.
    func clearGradients() {
        for leaf in leaves { leaf.clearGradient() }
    }

    /// Moves all weights; `count` is the number of this step, from 1.
    func step(count: Int, rate: Double, decay: Double, gradientLimit: Double) {
        let norm = gradientNorm(of: leaves)
        if norm > gradientLimit { scaleGradients(of: leaves, by: gradientLimit / norm) }
        stepAdamW(
            leaves,
            first: first,
            second: second,
            count: count,
            settings: AdamWStep(rate: rate, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, decay: decay)
        )
    }

    /// The weights and moments, each under a name of its own.
    var tensors: [NamedTensor] {
        names.indices.flatMap { index in
            [
                NamedTensor("weights." + names[index], leaves[index]),
                NamedTensor("first_moments." + names[index], first[index]),
                NamedTensor("second_moments." + names[index], second[index]),
            ]
        }
    }
}
