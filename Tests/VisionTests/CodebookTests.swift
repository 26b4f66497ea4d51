import Layers
import Tensors
import Testing
import Vision

@Suite struct CodebookTests {
    private let codebook: Codebook

    init() throws {
        codebook = try ParameterStore.build(from: InitializationSource(seed: 2)) {
            try Codebook(32, 5, $0)
        }.model
    }

    @Test("Chooses the nearest code") func choosesTheNearestCode() throws {
        let vectors = RandomSource(seed: 4).normal([7, 3, 5])
        let codes = try rows(of: codebook.weight)
        let expected = try rows(of: vectors).map { row in
            let distances = codes.map { squaredDistance(row, $0) }
            return distances.indices.min { distances[$0] < distances[$1] }
        }
        try withTorchErrors { () throws in
            let quantized = codebook.quantize(vectors)
            #expect(quantized.codes.shape == [7, 3])
            #expect(try quantized.codes.integers() == expected)
            for (vector, code) in try zip(rows(of: quantized.vectors), quantized.codes.integers()) {
                for (found, wanted) in zip(vector, codes[code]) {
                    #expect(abs(found - wanted) < 1e-6)
                }
            }
        }
    }

    @Test("Gradient goes straight through") func gradientGoesStraightThrough() throws {
        let vectors = RandomSource(seed: 5).normal([4, 5])
        let weights = RandomSource(seed: 6).normal([4, 5])
        vectors.requiresGradient = true
        try withTorchErrors { () throws in
            (codebook.quantize(vectors).vectors * weights).sum().backward()
            #expect(try vectors.gradient?.floats() == weights.floats())
        }
    }

    @Test("Commitment draws vectors to their codes") func commitmentDrawsVectorsToTheirCodes()
        throws
    {
        let vectors = RandomSource(seed: 7).normal([4, 5])
        vectors.requiresGradient = true
        try withTorchErrors {
            let quantized = codebook.quantize(vectors)
            quantized.commitment.backward()
            let expected = (vectors - quantized.vectors) * (2.0 / 20)
            let pairs = try zip(vectors.gradient?.floats() ?? [], expected.floats())
            #expect(pairs.allSatisfy { abs($0 - $1) < 1e-6 })
            #expect(vectors.gradient?.count == 20)
        }
    }

    @Test("Codebook loss moves codes to their latents") func codebookLossMovesCodesToTheirLatents()
        throws
    {
        let vectors = RandomSource(seed: 7).normal([4, 5])
        codebook.weight.requiresGradient = true
        vectors.requiresGradient = true
        try withTorchErrors { () throws in
            let codes = codebook.nearest(to: vectors)
            codebook.codebookLoss(of: vectors, codes).backward()
            #expect(vectors.gradient == nil)
            var expected = [[Float]](repeating: [0, 0, 0, 0, 0], count: 32)
            let table = try rows(of: codebook.weight)
            for (code, vector) in zip(try codes.integers(), try rows(of: vectors)) {
                for place in 0..<5 {
                    expected[code][place] += (table[code][place] - vector[place]) / 10
                }
            }
            let found = try #require(codebook.weight.gradient).floats()
            #expect(zip(found, expected.joined()).allSatisfy { abs($0 - $1) < 1e-6 })
        }
    }

    private func squaredDistance(_ left: [Float], _ right: [Float]) -> Float {
        zip(left, right).reduce(0) { sum, pair in
            let difference = pair.0 - pair.1
            return sum + difference * difference
        }
    }

    private func rows(of table: Tensor) throws -> [[Float]] {
        let width = table.size(-1)
        let floats = try table.floats()
        return stride(from: 0, to: floats.count, by: width).map { Array(floats[$0..<$0 + width]) }
    }
}
