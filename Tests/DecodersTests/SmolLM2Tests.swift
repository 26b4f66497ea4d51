import Basics
import Checkpoints
import Decoders
import Foundation
import JamTesting
import Tensors
import Testing
import Vocabulary

private let smolLM2 = ProcessInfo.processInfo.environment["JAM_SMOLLM2"]

/// A real GGUF file, SmolLM2-135M-Instruct of 4 bits, which `JAM_SMOLLM2` names.
@Suite(.enabled(if: smolLM2 != nil)) struct SmolLM2Tests {
    @Test("The model knows the capital of France") func capital() throws {
        let path = smolLM2 ?? ""
        let tokenizer = try Tokenizer(contentsOf: URL(filePath: path))
        let loaded = try ModelFolder(path)
        let tokens = tokenizer.encode("The capital of France is")
        let logits = try withTorchErrors {
            try loaded.model.logits(Tensor(tokens, [1, tokens.count])).floats()
        }
        let last = logits.suffix(loaded.config.vocabularySize)
        let best = try #require(last.indices.max { last[$0] < last[$1] })
        #expect(tokenizer.decode([best - last.startIndex]) == " Paris")
    }

    @Test("The chat template and the end of a turn come with the file") func conversation() throws {
        let url = URL(filePath: smolLM2 ?? "")
        let templates = try #require(try ChatTemplates(ofModel: url))
        #expect(templates.named.map(\.name) == ["default"])
        let tokenizer = try Tokenizer(contentsOf: url)
        #expect(tokenizer.encodeWithAddedTokens("<|im_start|>user\nHi<|im_end|>").first == 1)
        #expect(tokenizer.space.specialTokens[.end] == 2)
    }
}
