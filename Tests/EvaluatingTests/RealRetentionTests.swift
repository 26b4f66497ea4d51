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

    /// Prevents words that the image tower decides on where nothing was shown to it alone.
    ///
    /// The pass has other positions than the LLM's, so on some processors last bits differ.
    @Test("Behind what the model drew, 20 prompts have the LLM's logits")
    func wordsBehindDrawingsAreTheSame() throws {
        let image = Image(width: 64, height: 64, fill: Color(red: 255, green: 0, blue: 0))
        for prompt in paragraphs.prefix(20) {
            func conversation(_ answer: Segment) -> Document {
                Document([
                    .text("Draw a red square.", role: .user), answer,
                    .text(String(prompt.prefix(300)), role: .user),
                ])
            }
            let told = "A picture of a red square"
            let drawn = conversation(.image(image, altText: told, role: .assistant))
            let inWords = conversation(.text(told + "\n", role: .assistant))
            let tokens = try fused.tokenizer.encode(drawn, isPrompt: true).tokens
            let places = tokens.indices.filter { tokens[$0] < parent.network.vocabularySize }
            #expect(
                try parent.tokenizer.encode(inWords, isPrompt: true).tokens
                    == places.map { tokens[$0] }
            )
            let (own, other) = (
                try logits(fused, tokens), try logits(parent, places.map { tokens[$0] })
            )
            let last = try #require(tokens.indices.last { !places.contains($0) })
            #expect(last > 100)
            let differences = zip(places, other).filter { $0.0 > last }.map { place, expected in
                zip(own[place], expected).map { ($0 - $1).magnitude }.max() ?? .infinity
            }
            #expect(differences.count > 10)
            #expect(differences.allSatisfy { $0 < 1e-3 }, "\(differences.max() ?? 0)")
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
