internal import Basics
package import Checkpoints
package import Tensors

/// Makes nothing: the engine is not even opened.
final class DeclarationSource: ParameterSource {
    func tensor(for spec: ParameterSpec, initially: Initialization) -> Tensor {
        Tensor.declared()
    }

    func finish(stated names: Set<String>) {}
}

/// Fresh weights from a seed.
///
/// Each weight has a random stream of its own, named after it, so that adding a layer to a model
/// leaves the start of all others as it was.
package final class InitializationSource: ParameterSource {
    private let seed: UInt64

    /// Weights that belong to `seed`.
    package init(seed: UInt64) {
        self.seed = seed
    }

    /// The weight that `spec` states.
    package func tensor(for spec: ParameterSpec, initially: Initialization) throws -> Tensor {
        switch initially {
        case .constant(let value): return Tensor.full(spec.shape, value)
        case .normal(let deviation):
            var stream = SeededGenerator(seed: seed, spec.name.stableHash)
            return RandomSource(seed: stream.next()).normal(spec.shape, deviation: deviation)
        case .truncatedNormal(let deviation, let cut):
            var stream = SeededGenerator(seed: seed, spec.name.stableHash)
            let random = RandomSource(seed: stream.next())
            return try random.truncatedNormal(spec.shape, deviation: deviation, cut: cut)
        }
    }

    /// Called when the model is complete.
    package func finish(stated names: Set<String>) {}
}

extension RandomSource {
    /// Normally distributed numbers, those beyond `cut` deviations drawn again.
    fileprivate func truncatedNormal(_ shape: [Int], deviation: Double, cut: Double) throws
        -> Tensor
    {
        var numbers = try normal(shape, deviation: deviation).floats()
        let limit = Float(cut * deviation)
        var outside = numbers.indices.filter { abs(numbers[$0]) > limit }
        while !outside.isEmpty {
            let fresh = try normal([outside.count], deviation: deviation).floats()
            for (place, number) in zip(outside, fresh) { numbers[place] = number }
            outside.removeAll { abs(numbers[$0]) <= limit }
        }
        return Tensor(numbers, shape)
    }
}

extension String {
    /// FNV-1a of the UTF-8 bytes: the same on every machine and in every run.
    package var stableHash: UInt64 {
        utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
