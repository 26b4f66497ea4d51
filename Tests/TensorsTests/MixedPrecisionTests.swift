import Basics
import Checkpoints
import Tensors
import Testing

/// Products of bfloat16 numbers, compared with those of rounded numbers in float64.
@Suite(.serialized) struct MixedPrecisionTests {
    private static let (rows, inner, columns) = (40, 96, 33)

    private static func numbers(_ count: Int, seed: UInt64) -> [Float] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in Float(random.nextUniform() - 0.5) }
    }

    private static func rounded(_ numbers: [Float]) -> [Double] {
        FloatFormat.bfloat16.bytes(from: numbers).withUnsafeBytes {
            FloatFormat.bfloat16.floats(from: $0)
        }.map(Double.init)
    }

    /// left [m, k] · right [n, k]ᵀ.
    private static func product(_ left: [Double], _ right: [Double], _ k: Int) -> [Double] {
        stride(from: 0, to: left.count, by: k).flatMap { i in
            stride(from: 0, to: right.count, by: k).map { j in
                (0..<k).reduce(0) { $0 + left[i + $1] * right[j + $1] }
            }
        }
    }

    private static func transposed(_ matrix: [Double], _ width: Int) -> [Double] {
        (0..<width).flatMap { column in
            stride(from: column, to: matrix.count, by: width).map { matrix[$0] }
        }
    }

    /// The largest error relative to the largest number; a result rounded to bfloat16 has 2⁻⁹.
    private static func error(_ found: [Float], _ expected: [Double]) -> Double {
        guard found.count == expected.count, let scale = expected.map(\.magnitude).max() else {
            return .infinity
        }
        return zip(found, expected).map { (Double($0) - $1).magnitude }.max().map { $0 / scale }
            ?? 0
    }

    private struct Results {
        let output: [Float]
        let inputGradient: [Float]
        let weightGradient: [Float]
    }

    /// A linear layer, and the gradients of Σ output · slopes.
    private static func linear(
        _ x: [Float],
        _ weight: [Float],
        _ slopes: [Float],
        isMixed: Bool
    ) throws -> Results {
        try withTorchErrors {
            try withMixedPrecision(isMixed) {
                let (input, matrix) = (Tensor(x, [rows, inner]), Tensor(weight, [columns, inner]))
                input.requiresGradient = true
                matrix.requiresGradient = true
                let output = input.linear(matrix, bias: nil)
                (output * Tensor(slopes, [rows, columns])).sum().backward()
                return Results(
                    output: try output.detached().floats(),
                    inputGradient: try input.gradient?.floats() ?? [],
                    weightGradient: try matrix.gradient?.floats() ?? []
                )
            }
        }
    }

    /// Prevents products that stay float32, and gradients that are lost or rounded twice.
    @Test("A linear layer and its gradients multiply rounded numbers")
    func aLinearLayerAndItsGradientsMultiplyRoundedNumbers() throws {
        let x = Self.numbers(Self.rows * Self.inner, seed: 1)
        let weight = Self.numbers(Self.columns * Self.inner, seed: 2)
        let slopes = Self.numbers(Self.rows * Self.columns, seed: 3)
        let (xs, weights, ys) = (Self.rounded(x), Self.rounded(weight), Self.rounded(slopes))
        let output = Self.product(xs, weights, Self.inner)
        let inputGradient = Self.product(
            ys,
            Self.transposed(weights, Self.inner),
            Self.columns
        )
        let weightGradient = Self.product(
            Self.transposed(ys, Self.columns),
            Self.transposed(xs, Self.inner),
            Self.rows
        )
        let mixed = try Self.linear(x, weight, slopes, isMixed: true)
        #expect(Self.error(mixed.output, output) < 0x1p-8)
        #expect(Self.error(mixed.inputGradient, inputGradient) < 0x1p-8)
        #expect(Self.error(mixed.weightGradient, weightGradient) < 0x1p-8)

        let exact = try Self.linear(x, weight, slopes, isMixed: false)
        let product = Self.product(x.map(Double.init), weight.map(Double.init), Self.inner)
        #expect(Self.error(exact.output, product) < 1e-6)
        #expect(Self.error(mixed.output, product) > 1e-5)
    }

    /// Prevents layers with one input that add its gradients in bfloat16, and biases that are rounded.
    @Test("Layers with one input are the layers one by one")
    func layersWithOneInputAreTheLayersOneByOne() throws {
        let x = Self.numbers(Self.rows * Self.inner, seed: 8)
        let weights = (0..<3).map { Self.numbers(Self.columns * Self.inner, seed: 9 + UInt64($0)) }
        let slopes = Self.numbers(Self.rows * Self.columns, seed: 12)
        let bias = Self.numbers(Self.columns, seed: 13)
        func gradient(of used: [[Float]], together: Bool) throws -> (outputs: [[Float]], [Float]) {
            try withTorchErrors {
                try withMixedPrecision(true) {
                    let input = Tensor(x, [Self.rows, Self.inner])
                    input.requiresGradient = true
                    let layers: [(weight: Tensor, bias: Tensor?)] = used.map {
                        (Tensor($0, [Self.columns, Self.inner]), Tensor(bias, [Self.columns]))
                    }
                    let outputs =
                        together
                        ? input.linears(layers)
                        : layers.map { input.linear($0.weight, bias: $0.bias) }
                    let slopes = Tensor(slopes, [Self.rows, Self.columns])
                    let sums = outputs.map { ($0 * slopes).sum() }
                    sums.dropFirst().reduce(sums[0], +).backward()
                    return (
                        try outputs.map { try $0.detached().floats() },
                        try input.gradient?.floats() ?? []
                    )
                }
            }
        }
        let (outputs, all) = try gradient(of: weights, together: true)
        let singles = try weights.map { try gradient(of: [$0], together: false) }
        #expect(outputs == singles.map { $0.outputs[0] })
        let sum = all.indices.map { place in singles.reduce(0) { $0 + Double($1.1[place]) } }
        #expect(Self.error(all, sum) < 1e-6)
        let product = Self.product(Self.rounded(x), Self.rounded(weights[0]), Self.inner)
        let biased = product.enumerated().map { $1 + Double(bias[$0 % Self.columns]) }
        #expect(Self.error(outputs[0], biased) < 0x1p-8)
    }

    /// Prevents a loss by rounded logits, and gradients of the head that are not those of the loss.
    @Test("The head's logits are exact, its gradients within the rounding")
    func theHeadsLogitsAreExact() throws {
        func measure(_ isMixed: Bool) throws -> (losses: [Float], gradients: [[Float]]) {
            try withTorchErrors {
                try withMixedPrecision(isMixed) {
                    let hidden = Tensor(Self.numbers(600 * 24, seed: 4), [600, 24])
                    let weight = Tensor(Self.numbers(50 * 24, seed: 5), [50, 24])
                    hidden.requiresGradient = true
                    weight.requiresGradient = true
                    let (loss, losses) = hidden.linearCrossEntropy(
                        weight,
                        targets: Tensor((0..<600).map { $0 % 50 }, [600]),
                        weights: Tensor.full([600], 1)
                    )
                    loss.backward()
                    return (
                        try losses.detached().floats(),
                        try [hidden, weight].map { try $0.gradient?.floats() ?? [] }
                    )
                }
            }
        }
        let (mixed, exact) = (try measure(true), try measure(false))
        #expect(mixed.losses == exact.losses)
        for (found, expected) in zip(mixed.gradients, exact.gradients) {
            let error = Self.error(found, expected.map(Double.init))
            #expect(error < 0.02 && error > 0)
        }
    }

    /// Prevents a mode that outlives its block, as after an error.
    @Test("The mode ends with its block") func theModeEndsWithItsBlock() throws {
        struct Stop: Error {}
        let x = Self.numbers(Self.rows * Self.inner, seed: 6)
        let weight = Self.numbers(Self.columns * Self.inner, seed: 7)
        func output() throws -> [Float] {
            try withTorchErrors {
                let input = Tensor(x, [Self.rows, Self.inner])
                return try input.linear(Tensor(weight, [Self.columns, Self.inner]), bias: nil)
                    .floats()
            }
        }
        let before = try output()
        #expect(throws: Stop.self) { try withMixedPrecision(true) { throw Stop() } }
        #expect(try output() == before)
        let inside = try withMixedPrecision(true) { try withMixedPrecision(false, output) }
        #expect(inside == before)
    }
}
