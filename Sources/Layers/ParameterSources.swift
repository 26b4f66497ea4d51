internal import Basics
package import Checkpoints
package import Tensors

/// Creates no weights and does not open the engine.
final class DeclarationSource: ParameterSource {
    func tensor(for spec: ParameterSpec, initially: Initialization) -> Tensor {
        Tensor.declared()
    }

    func finish(declared names: Set<String>) {}
}

/// Initializes weights from a seed.
///
/// Each weight has a random stream of its own, seeded with its name: a new layer does not change the
/// initialization of the others.
package final class InitializationSource: ParameterSource {
    private let seed: UInt64

    package init(seed: UInt64) {
        self.seed = seed
    }

    package func tensor(for spec: ParameterSpec, initially: Initialization) throws -> Tensor {
        switch initially {
        case .constant(let value): return Tensor.full(spec.shape, value)
        case .normal(let std):
            var stream = SeededGenerator(seed: seed, spec.name.stableHash)
            return RandomSource(seed: stream.next()).normal(spec.shape, std: std)
        case .truncatedNormal(let std, let cut):
            var stream = SeededGenerator(seed: seed, spec.name.stableHash)
            let random = RandomSource(seed: stream.next())
            return try random.truncatedNormal(spec.shape, std: std, cut: cut)
        }
    }

    package func finish(declared names: Set<String>) {}
}

extension RandomSource {
    fileprivate func truncatedNormal(_ shape: [Int], std: Double, cut: Double) throws
        -> Tensor
    {
        var numbers = try normal(shape, std: std).floats()
        let limit = Float(cut * std)
        var outside = numbers.indices.filter { abs(numbers[$0]) > limit }
        while !outside.isEmpty {
            let resampled = try normal([outside.count], std: std).floats()
            for (place, number) in zip(outside, resampled) { numbers[place] = number }
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
