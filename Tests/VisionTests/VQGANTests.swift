import Basics
import Checkpoints
import Documents
import Foundation
import JamTesting
import Tensors
import Testing
import Vision

/// Compares with `Fixtures/vqgan.safetensors`, which `Fixtures/generate_vqgan.py` makes with
/// transformers and PyTorch.
@Suite struct VQGANTests {
    private static let fixtures =
        URL(filePath: #filePath).deletingLastPathComponent().path + "/Fixtures"
    private let checkpoint = fixtures + "/vqgan.ckpt"
    private let scratch: ScratchFolder
    private let golden: SafetensorsFile

    init() throws {
        scratch = try ScratchFolder()
        golden = try SafetensorsFile(Self.fixtures + "/vqgan.safetensors")
    }

    @Test("Reads the sizes from the weights") func readsTheSizesFromTheWeights() throws {
        let source = try VQGANImport(checkpoint, imageSize: 16)
        #expect(try source.config == Self.config)
        #expect(source.lossCount == 2)
    }

    @Test("Encodes as transformers does") func encodesAsTransformersDoes() throws {
        let imageTokenizer = try imported()
        let codes = try golden.withBytes(of: "codes") {
            try Tensor(bytes: $0, [3, 8, 8], .int64).integers()
        }
        try withTorchErrors { () throws in
            let vectors = imageTokenizer.latents(of: try tensor("pixels"))
            #expect(try largestDifference(vectors, "vectors") < 1e-4)
            #expect(try imageTokenizer.codebook.nearest(to: vectors).integers() == codes)
        }
        #expect(Set(codes).count == 48)
    }

    @Test("Decodes as py torch does") func decodesAsPyTorchDoes() throws {
        let imageTokenizer = try imported()
        try withTorchErrors { () throws in
            let codes = imageTokenizer.codebook.nearest(to: try tensor("vectors"))
            let pixels = imageTokenizer.pixels(of: imageTokenizer.codebook.vectors(of: codes))
            #expect(try largestDifference(pixels, "decoded") < 1e-4)
        }
    }

    @Test("Codes images") func codesImages() throws {
        let imageTokenizer = try imported()
        let codes = try imageTokenizer.encode(squares(3, side: 20))
        #expect(codes.map(\.count) == [64, 64, 64])
        #expect(try imageTokenizer.decode(codes).map(\.width) == [16, 16, 16])
    }

    /// A folder of Chameleon has the network among the model's weights, and no decoder.
    @Test("Imports a folder of Chameleon") func importsAFolderOfChameleon() throws {
        try writeChameleon(#"{"model_type": "chameleon", "vq_config": {"resolution": 16}}"#)
        let source = try VQGANImport(scratch.path + "/chameleon", imageSize: nil)
        #expect(source.config.imageSize == 16)
        #expect(!source.config.hasDecoder)
        try source.write(to: scratch.file("encoder"))
        let imageTokenizer = try openImageTokenizer(scratch.file("encoder"))
        let images = squares(2)
        #expect(try imageTokenizer.encode(images) == imported().encode(images))
        #expect(throws: VisionError.noDecoder) {
            try imageTokenizer.decode(imageTokenizer.encode(images))
        }
    }

    @Test("Image size must be known") func imageSizeMustBeKnown() throws {
        #expect(throws: VisionError.noImageSize(checkpoint)) {
            try VQGANImport(checkpoint, imageSize: nil)
        }
        let error = #expect(throws: VisionError.self) {
            try VQGANImport(checkpoint, imageSize: 15)
        }
        #expect(
            error?.description
                == "image tokenizer config: image_size: 15 is not a multiple of 2, the pixels per "
                + "code"
        )
    }

    @Test(
        "Refuses what is no VQGAN",
        arguments: [
            ("encoder.conv_in.weight", "the weight \"encoder.conv_in.weight\" is missing"),
            ("encoder.mid.attn_1.q.bias", "the weight \"encoder.mid.attn_1.q.bias\" is missing"),
            ("quantize.embedding.weight", "the weight \"quantize.embedding.weight\" is missing"),
        ]
    )
    func refusesWhatIsNoVQGAN(without name: String, message: String) throws {
        let path = scratch.file("part.safetensors")
        try write(path) { $0 == name ? nil : $0 }
        let error = #expect(throws: VisionError.self) { try VQGANImport(path, imageSize: 16) }
        #expect(error?.description == "\(path): not the weights of a VQGAN: \(message)")
    }

    @Test("Refuses weights of another network") func refusesWeightsOfAnotherNetwork() throws {
        let path = scratch.file("more.safetensors")
        try write(path) { $0 == "loss.logvar" ? "quantize.proj.weight" : $0 }
        let error = #expect(throws: VisionError.self) { try VQGANImport(path, imageSize: 16) }
        #expect(
            error?.description == "\(path): not the weights of a VQGAN: unexpected weights such "
                + "as \"quantize.proj.weight\" (1 in total)"
        )
        let other = Self.fixtures + "/golden.safetensors"
        #expect(throws: VisionError.self) { try VQGANImport(other, imageSize: 16) }
    }

    @Test(
        "Refuses configs",
        arguments: [
            ("model_type", "\"jam_vqgn\"", "\"jam_vqgn\" is not \"jam_vqgan\""),
            ("image_size", "0", "0 is not in 1...8192"),
            ("base_channels", "48", "48 is not a multiple of 32, the groups of the norms"),
            ("channel_multipliers", "[]", "has 0 levels; 1 to 8 are possible"),
            ("channel_multipliers", "[1, 65]", "65 is not in 1...64"),
            ("block_count", "0", "0 is not in 1...64"),
            ("attention_levels", "[1, 1]", "[1, 1] are not levels from 0 to 1 in ascending order"),
            ("attention_levels", "[-1]", "[-1] are not levels from 0 to 1 in ascending order"),
            ("has_decoder", "1", "true or false is expected, found the integer 1"),
        ]
    )
    func refusesConfigs(field: String, value: String, problem: String) throws {
        guard case .object(var object) = try Self.config.json else { return }
        #expect(try VQGANConfig(JSONReader(.object(object), source: "x")) == Self.config)
        object[field] = try JSON(parsing: value)
        let reader = try JSONReader(.object(object), source: "config.json")
        #expect(throws: JSONFieldError(source: "config.json", field: field, problem: problem)) {
            try VQGANConfig(reader)
        }
    }

    private static var config: VQGANConfig {
        get throws {
            let text = """
                {"model_type": "jam_vqgan", "image_size": 16, "base_channels": 32,
                 "channel_multipliers": [1, 2], "block_count": 1, "attention_levels": [1],
                 "latent_channels": 12, "code_count": 48, "code_width": 8, "has_decoder": true}
                """
            return try VQGANConfig(JSONReader(JSON(parsing: text), source: "test"))
        }
    }

    /// The checkpoint, imported and opened.
    private func imported() throws -> any VQTokenizer {
        let path = scratch.file("imported-\(UInt64.random(in: 0 ... .max))")
        try VQGANImport(checkpoint, imageSize: 16).write(to: path)
        return try openImageTokenizer(path)
    }

    private func writeChameleon(_ config: String) throws {
        let folder = scratch.file("chameleon")
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: false
        )
        try Data(config.utf8).write(to: URL(filePath: folder + "/config.json"))
        try write(folder + "/model.safetensors") { name in
            if name.hasPrefix("decoder.") { return nil }
            return name.hasPrefix("loss.") ? "model." + name : "model.vqmodel." + name
        }
    }

    /// Writes the weights of the checkpoint under other names, those without one not at all.
    private func write(_ path: String, rename: (String) -> String?) throws {
        let source = try TorchFile(checkpoint)
        let names = source.names.filter { rename($0) != nil }
        var writer = try SafetensorsWriter(
            path,
            entries: names.compactMap { name in
                guard let entry = source.entry(name), let new = rename(name) else { return nil }
                return WeightEntry(name: new, elementType: entry.elementType, shape: entry.shape)
            }
        )
        for name in names {
            try source.withBytes(of: name) { try writer.write($0, to: rename(name) ?? name) }
        }
        try writer.finish()
    }

    private func tensor(_ name: String) throws -> Tensor {
        let entry = try #require(golden.entry(name))
        return Tensor(try golden.floats(of: name), entry.shape)
    }

    private func largestDifference(_ found: Tensor, _ name: String) throws -> Float {
        let expected = try tensor(name)
        #expect(found.shape == expected.shape)
        let largest = try zip(found.floats(), expected.floats()).map { abs($0 - $1) }.max()
        print("largest difference of \(name): \(largest ?? .infinity)")
        return largest ?? .infinity
    }
}
