import Basics
import Checkpoints
import Foundation
import Layers
import Tensors
import Testing
import Vision

/// Compares with `Fixtures/golden.safetensors`, which `Fixtures/generate.py` makes with PyTorch.
@Suite struct GoldenTests {
    private let golden: SafetensorsFile
    private let model: ConvVQTokenizer
    private let store: ParameterStore

    init() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        golden = try SafetensorsFile(folder.path + "/Fixtures/golden.safetensors")
        let config = tinyConfig()
        (model, store) = try ParameterStore.build(from: WeightsSource(Weights(golden))) {
            try ConvVQTokenizer(config, $0)
        }
    }

    @Test("Encodes as py torch does") func encodesAsPyTorchDoes() throws {
        try withTorchErrors { () throws in
            let vectors = model.latents(of: try tensor("pixels"))
            #expect(try largestDifference(vectors, "vectors") < 1e-4)
        }
    }

    @Test("Chooses the codes that py torch does") func choosesTheCodesThatPyTorchDoes() throws {
        let expected = try golden.withBytes(of: "codes") {
            try Tensor(bytes: $0, [2, 4, 4], .int64).integers()
        }
        try withTorchErrors { () throws in
            let codes = model.codebook.nearest(to: try tensor("vectors"))
            #expect(codes.shape == [2, 4, 4])
            #expect(try codes.integers() == expected)
        }
        #expect(Set(expected).count > 8)
    }

    @Test("Reconstructs as py torch does") func reconstructsAsPyTorchDoes() throws {
        try withTorchErrors { () throws in
            let result = model.reconstruct(try tensor("pixels"))
            #expect(try largestDifference(result.pixels, "decoded") < 1e-4)
        }
    }

    @Test("Has the gradients of py torch") func hasTheGradientsOfPyTorch() throws {
        for parameter in store.parameters { parameter.tensor.requiresGradient = true }
        try withTorchErrors { () throws in
            let pixels = try tensor("pixels")
            let result = model.reconstruct(pixels)
            let error = result.pixels - pixels
            let loss = (error * error).mean() + result.quantized.commitment
            #expect(try largestDifference(loss, "loss") < 1e-4)
            loss.backward()
            for name in ["encoder.input.weight", "decoder.output.weight"] {
                let leaf = try #require(store.parameters.first { $0.spec.name == name }).tensor
                let gradient = try #require(leaf.gradient)
                #expect(try largestDifference(gradient, "gradients." + name) < 1e-4)
            }
        }
    }

    private func tensor(_ name: String) throws -> Tensor {
        let entry = try #require(golden.entry(name))
        return Tensor(try golden.floats(of: name), entry.shape)
    }

    /// The largest difference, in units of the largest expected number if that is above one.
    private func largestDifference(_ found: Tensor, _ name: String) throws -> Float {
        let expected = try tensor(name)
        #expect(found.shape == expected.shape)
        let scale = try max(1, expected.floats().map(abs).max() ?? 1)
        return try zip(found.floats(), expected.floats()).map { abs($0 - $1) / scale }.max()
            ?? .infinity
    }
}

/// The weights of the fixture, without its other tensors.
private struct Weights: MappedWeightSource {
    private static let prefix = "weights."
    private let file: SafetensorsFile

    init(_ file: SafetensorsFile) { self.file = file }

    var path: String { file.path }

    var names: [String] {
        file.names.filter { $0.hasPrefix(Self.prefix) }.map { String($0.dropFirst(8)) }
    }

    func entry(_ name: String) -> WeightEntry? { file.entry(Self.prefix + name) }

    func bytes(of name: String) throws -> UnsafeRawBufferPointer {
        try file.bytes(of: Self.prefix + name)
    }
}
