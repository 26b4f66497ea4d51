import Decoders
import Documents
import Foundation
import JamTesting
import Models
import Tensors
import Testing
import Vocabulary

private let environment = ProcessInfo.processInfo.environment

/// A model that was fused from a real LLM with `--keep-text` and trained, beside that LLM:
/// `scripts/retention` names both and a text.
@Suite(.enabled(if: environment["JAM_RETAINED"] != nil)) struct RealRetentionTests {
    private let parent: MultimodalModel
    private let fused: MultimodalModel
    private let paragraphs: [String]

    init() throws {
        parent = try MultimodalModel(contentsOf: try #require(environment["JAM_SMOLLM2"]))
        fused = try MultimodalModel(contentsOf: try #require(environment["JAM_RETAINED"]))
        let text = try String(
            contentsOfFile: try #require(environment["JAM_RETENTION_TEXT"]),
            encoding: .utf8
        )
        paragraphs = text.split(separator: "\n\n").map { paragraph in
            paragraph.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }.filter { $0.count > 20 }
    }

    /// The logits of text tokens at each position, and how many there are.
    private func logits(_ model: MultimodalModel, _ tokens: [TokenID]) throws -> [[Float]] {
        let rows = parent.network.vocabularySize
        return try withTorchErrors {
            try withoutGradients {
                let logits = try model.network.logits(Tensor(tokens, [1, tokens.count])).floats()
                let width = logits.count / tokens.count
                return tokens.indices.map { Array(logits[$0 * width..<$0 * width + rows]) }
            }
        }
    }

    @Test("200 prompts have the LLM's logits, bit for bit") func promptsHaveTheSameLogits() throws {
        let prompts = paragraphs.prefix(200)
        try #require(prompts.count == 200)
        for prompt in prompts {
            let document = Document([.text(String(prompt.prefix(300)), role: .user)])
            let tokens = try fused.tokenizer.encode(document, isPrompt: true).tokens
            #expect(try parent.tokenizer.encode(document, isPrompt: true).tokens == tokens)
            let (own, other) = (try logits(fused, tokens), try logits(parent, tokens))
            let same = zip(own, other).allSatisfy { row, expected in
                row.map(\.bitPattern) == expected.map(\.bitPattern)
            }
            #expect(same, "\(prompt)")
        }
    }

    @Test("The perplexity of a text is the LLM's to the last digit") func perplexityIsTheSame()
        throws
    {
        func perplexity(_ model: MultimodalModel) throws -> Double {
            var (sum, count) = (0.0, 0)
            for paragraph in paragraphs {
                let tokens = Array(model.tokenizer.text.encode(paragraph).prefix(500))
                guard tokens.count > 1 else { continue }
                for (row, target) in zip(try logits(model, tokens), tokens.dropFirst()) {
                    let highest = Double(row.max() ?? 0)
                    let total = row.reduce(0.0) { $0 + exp(Double($1) - highest) }
                    sum += highest + log(total) - Double(row[target])
                    count += 1
                }
            }
            print("perplexity among text tokens: \(exp(sum / Double(count))), \(count) tokens")
            return sum / Double(count)
        }
        #expect(try perplexity(fused) == perplexity(parent))
    }
}
