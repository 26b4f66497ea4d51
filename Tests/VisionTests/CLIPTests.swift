import Basics
import Checkpoints
import Documents
import Foundation
import JamTesting
import Tensors
import Testing
import Vision

/// Compares with `Fixtures/clip`, which `Fixtures/generate_clip.py` makes with transformers.
@Suite struct CLIPTests {
    private static let fixtures =
        URL(filePath: #filePath).deletingLastPathComponent().path + "/Fixtures/clip/"

    private func floats(_ file: SafetensorsFile, _ name: String) throws -> [Float] {
        let shape = try #require(file.entry(name)).shape
        return try file.withBytes(of: name) { try Tensor(bytes: $0, shape, .float32).floats() }
    }

    private func largestDifference(_ found: [Float], _ expected: [Float]) -> Float {
        found.count == expected.count
            ? zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
    }

    /// Both activations and both conventions for the end token.
    @Test("Embeds as transformers does", arguments: ["modern", "legacy"])
    func embedsAsTransformersDoes(name: String) throws {
        let model = try CLIP.open(CheckpointFolder(Self.fixtures + name)).model
        let golden = try SafetensorsFile(Self.fixtures + name + "/golden.safetensors")
        let tokens = try golden.withBytes(of: "tokens") {
            try Tensor(bytes: $0, [3, 6], .int64).integers()
        }
        let rows = (0..<3).map { Array(tokens[$0 * 6..<$0 * 6 + 6]) }
        try withTorchErrors {
            try withoutGradients {
                let texts = model.embeddings(ofTexts: rows)
                let pixels = Tensor(try floats(golden, "pixels"), [3, 12, 12, 3])
                let images = model.embeddings(ofPixels: pixels)
                let logits = model.similarities(of: texts, to: images)
                for (found, name) in [(texts, "text"), (images, "image"), (logits, "logits")] {
                    let difference = largestDifference(
                        try found.floats(),
                        try floats(golden, name)
                    )
                    #expect(difference < 1e-4, "\(name)")
                }
                // A text without padding has the same embedding.
                let short = model.embeddings(ofTexts: [[38, 7, 39]])
                let same = try texts.narrowed(0, 1..<2).floats()
                #expect(largestDifference(try short.floats(), same) < 1e-5)
            }
        }
    }

    @Test("Prepares images as transformers does", arguments: ["12x12", "31x20", "9x16", "14x40"])
    func preparesImagesAsTransformersDoes(size: String) throws {
        let file = try SafetensorsFile(Self.fixtures + "preprocessing.safetensors")
        let shape = try #require(file.entry("image \(size)")).shape
        let bytes = try file.withBytes(of: "image \(size)") { Array($0) }
        let reader = try JSONReader(
            [
                "size": ["shortest_edge": 14], "crop_size": ["height": 12, "width": 12],
                "image_mean": [0.5, 0.4, 0.3], "image_std": [0.2, 0.25, 0.3],
            ],
            source: "preprocessor_config.json"
        )
        let prepare = try CLIPPreprocessing(reader, side: 12)
        let image = Image(width: shape[1], height: shape[0], pixels: bytes)
        let pixels = try withTorchErrors { try prepare([image]).floats() }
        #expect(largestDifference(pixels, try floats(file, "pixels \(size)")) < 1e-5)
    }

    private func refusal(of change: (inout JSON.Object) -> Void) throws -> String? {
        let scratch = try ScratchFolder()
        let source = Self.fixtures + "modern/"
        guard case .object(var config) = try MappedFile(source + "config.json").json() else {
            return nil
        }
        change(&config)
        try AtomicFile.write(JSON.object(config).text(), to: scratch.file("config.json"))
        try FileManager.default.copyItem(
            atPath: source + "model.safetensors",
            toPath: scratch.file("model.safetensors")
        )
        do {
            _ = try CLIP.open(CheckpointFolder(scratch.path))
            return nil
        } catch {
            return "\(error)".replacing(scratch.path + "/", with: "")
        }
    }

    @Test("Refuses what it is not") func refusesWhatItIsNot() throws {
        #expect(
            try refusal { $0["model_type"] = "siglip" }
                == "config.json: model_type: \"siglip\" is not \"clip\""
        )
        #expect(
            try refusal { $0["text_config"] = nil }?.contains("text_config") == true
        )
        // The additional member of 2022 has priority, unless it is null.
        #expect(try refusal { $0["text_config_dict"] = .null } == nil)
        let old = try refusal { config in
            config["text_config_dict"] = config["text_config"]
            config["text_config"] = ["hidden_size": 7]
        }
        #expect(old == nil)
        func vision(_ key: String, _ value: JSON) throws -> String? {
            try refusal { config in
                guard case .object(var vision) = config["vision_config"] else { return }
                vision[key] = value
                config["vision_config"] = .object(vision)
            }
        }
        #expect(
            try vision("patch_size", 5)
                == "config.json: vision_config.patch_size: 5 does not divide the image_size, 12"
        )
        #expect(
            try vision("num_attention_heads", 5)
                == "config.json: vision_config.num_attention_heads: 5 heads do not divide the "
                + "hidden_size, 12"
        )
        // Then the weights do not fit.
        #expect(try vision("patch_size", 6)?.contains("patch_embedding") == true)
        #expect(try vision("num_hidden_layers", 3)?.contains("layers.2") == true)
        #expect(try vision("num_hidden_layers", 1)?.contains("layers.1") == true)
        #expect(try vision("hidden_act", "tanh")?.contains("quick_gelu") == true)
    }

    @Test("Refuses other sizes") func refusesOtherSizes() throws {
        func problem(_ json: JSON) throws -> String? {
            let reader = try JSONReader(json, source: "p.json")
            do throws(JSONFieldError) {
                _ = try CLIPPreprocessing(reader, side: 12)
                return nil
            } catch {
                return error.description
            }
        }
        #expect(try problem([:]) == nil)
        #expect(try problem(["size": 12, "crop_size": 12]) == nil)
        #expect(
            try problem(["crop_size": 14]) == "p.json: crop_size: the model needs 12 × 12 pixels"
        )
        #expect(try problem(["size": 11])?.hasPrefix("p.json: size:") == true)
        #expect(
            try problem(["crop_size": ["height": 12, "width": 14]])
                == "p.json: crop_size: the model needs 12 × 12 pixels"
        )
        #expect(
            try problem(["size": "large"])
                == "p.json: size: an integer is expected, found the string \"large\""
        )
        #expect(
            try problem(["do_resize": false])
                == "p.json: do_resize: false is not supported; true is"
        )
        #expect(
            try problem(["resample": 2]) == "p.json: resample: only 3, bicubic, is supported"
        )
        #expect(
            try problem(["rescale_factor": 1])
                == "p.json: rescale_factor: only 1/255 is supported"
        )
        #expect(try problem(["image_mean": [1, 2]])?.contains("three numbers") == true)
        #expect(try problem(["image_std": [1, 0, 1]])?.contains("above 0") == true)
    }
}
