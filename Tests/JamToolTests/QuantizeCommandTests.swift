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

    @Test("Another type is refused") func anotherTypeIsRefused() throws {
        let scratch = try ScratchFolder()
        let result = try Tool.run(
            ["quantize", Self.answers, "--dtype", "int3", "--output", "x"],
            in: scratch.path
        )
        #expect(result.status == 64 && result.error.contains("int8"))
    }
}
