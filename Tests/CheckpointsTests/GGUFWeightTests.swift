import Basics
import Checkpoints
import Foundation
import JamTesting
import Testing

@Suite struct GGUFWeightTests {
    private static let types = [
        "F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K",
        "Q5_K", "Q6_K",
    ]

    private static func expected(_ name: String) throws -> [Float] {
        try SafetensorsFile(Fixture.path("gguf/blocks.safetensors")).floats(of: name)
    }

    @Test("Every type has the numbers of Python's gguf, bit for bit", arguments: types.indices)
    func numbers(layer: Int) throws {
        let weights = try CheckpointFolder(Fixture.path("gguf/blocks.gguf"))
        let name = "model.layers.\(layer).mlp.down_proj.weight"
        let expected = try Self.expected(name).map(\.bitPattern)
        #expect(try weights.floats(of: name).map(\.bitPattern) == expected, "\(Self.types[layer])")
    }

    /// Prevents quantized weights that are others where they are computed with as they are stored.
    @Test("The integers of every type stand for the same numbers", arguments: 3..<types.count)
    func integers(layer: Int) throws {
        let weights = try CheckpointFolder(Fixture.path("gguf/blocks.gguf"))
        let name = "model.layers.\(layer).mlp.down_proj.weight"
        let rows = try #require(try weights.quantizedRows(of: name))
        let (integers, offset): ([Int], Int) =
            switch rows.integers {
            case .int8(let integers): (integers.map(Int.init), 0)
            case .int4(let nibbles): (nibbles.map(Int.init), rows.minima == nil ? 8 : 0)
            }
        let numbers = integers.enumerated().map { index, integer in
            let place = index / rows.groupSize
            let product = Float(integer - offset) * rows.scales[place]
            return rows.minima.map { product + $0[place] } ?? product
        }
        #expect(try numbers == Self.expected(name), "\(Self.types[layer])")
    }

    @Test("A part of a weight is that part of the whole", arguments: [3, 8, 12])
    func parts(layer: Int) throws {
        let weights = try CheckpointFolder(Fixture.path("gguf/blocks.gguf"))
        let name = "model.layers.\(layer).mlp.down_proj.weight"
        let whole = try Self.expected(name)
        for (start, count) in [(0, 1), (31, 2), (5, 300), (255, 513), (256, 256), (760, 8)] {
            var part = [Float](repeating: .nan, count: count)
            try part.withUnsafeMutableBytes { try weights.read(name, at: 4 * start, into: $0) }
            #expect(part == Array(whole[start..<start + count]), "\(start), \(count)")
        }
    }
}
