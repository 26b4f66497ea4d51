import Basics
import Foundation
import JamTesting
import Testing

/// `jam quantize`, as its users type.
@Suite struct QuantizeCommandTests {
    private static let answers = Tool.root.appending(path: "models/dictionary/answers").path

    /// Prevents a folder that cannot be opened, or that has not what the help says.
    @Test("What is written answers, and is smaller", arguments: ["int8", "int4"])
    func whatIsWrittenAnswers(dtype: String) throws {
        let scratch = try ScratchFolder()
        try Tool.succeed(
            "quantize \(Self.answers) --dtype \(dtype) --output small",
            in: scratch.path
        )
        let weights = scratch.file("small/model.safetensors")
        let size = try FileManager.default.attributesOfItem(atPath: weights)[.size] as? Int ?? 0
        let whole =
            try FileManager.default.attributesOfItem(
                atPath: Self.answers + "/model.safetensors"
            )[.size] as? Int ?? 0
        #expect(dtype == "int8" ? size <= whole : size < whole * 8 / 10, "\(size) of \(whole)")
        let question = "--prompt Hello. --seed 2 --max-tokens 12 --temperature 0 --images 0"
        let answer = try Tool.succeed("generate small \(question)", in: scratch.path)
        #expect(!answer.isEmpty)
        if dtype == "int8" {
            // The model has 8 bits already: the same numbers.
            let original = try Tool.succeed(
                "generate \(Self.answers) \(question)",
                in: scratch.path
            )
            #expect(answer == original)
        }
        let inspected = try Tool.succeed("inspect small", in: scratch.path)
        #expect(inspected.contains("quantize"))
    }

    /// Prevents what transformers cannot open: `check_quantized.py` compares that it opens such folders.
    @Test("The config says it in the words of compressed-tensors", arguments: ["int8", "int4"])
    func config(dtype: String) throws {
        let scratch = try ScratchFolder()
        let text = Tool.root.appending(path: "models/dictionary/text").path
        for options in ["", "--keep-tables"] {
            let name = dtype + options
            try Tool.succeed(
                "quantize \(text) --dtype \(dtype) \(options) --output \(name)",
                in: scratch.path
            )
            let config = try String(
                contentsOfFile: scratch.file("\(name)/config.json"),
                encoding: .utf8
            )
            let quantization = try JSONReader(JSON(parsing: config), source: "config.json")
                .nested("quantization_config")
            let groups = try quantization.nested("config_groups")
            var formats: [String: Int] = [:]
            for (_, group) in groups.object.members {
                let group = try JSONReader(group, source: "config.json")
                let targets = try group.array("targets").compactMap(\.stringValue)
                formats[try group.string("format")] = targets.count
                let isOfTable = targets.contains("model.embed_tokens")
                #expect(isOfTable == (targets.count == 1 || targets.count == 57))
            }
            // 8 layers of 7 matrices, and a tied table.
            let expected: [String: Int] =
                switch (dtype, options) {
                case ("int8", ""): ["int-quantized": 57]
                case ("int8", _): ["int-quantized": 56]
                case (_, ""): ["pack-quantized": 56, "int-quantized": 1]
                default: ["pack-quantized": 56]
                }
            #expect(formats == expected)
            let format = try quantization.string("format")
            let single = dtype == "int8" ? "int-quantized" : "pack-quantized"
            #expect(format == (expected.count == 2 ? "mixed-precision" : single))
            let inspected = try Tool.succeed("inspect \(name)", in: scratch.path)
            let types = dtype == "int8" ? "F32, I8" : options.isEmpty ? "F32, I4, I8" : "F32, I4"
            #expect(inspected.contains("parameters, \(types)\n"), "\(inspected)")
        }
    }

    @Test("Another type is refused") func anotherTypeIsRefused() throws {
        let scratch = try ScratchFolder()
        let result = try Tool.run(
            ["quantize", Self.answers, "--dtype", "int3", "--output", "x"],
            in: scratch.path
        )
        #expect(result.status == 64 && result.error.contains("int8"))
    }
}
