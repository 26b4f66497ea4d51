import Basics
import Checkpoints
import Decoders
import Foundation
import JamTesting
import Layers
import Tensors
import Testing
import Training
import Vocabulary

/// Models that are trained on with another vocabulary.
@Suite struct TransplantTests {
    private static func tokenizer(in scratch: ScratchFolder) throws -> String {
        let folder = scratch.file("other")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try BPETrainer().train(
            ["a cap", "a doll", "the red sunset and all the balls", "a cat and a catfish"],
            vocabularySize: 280,
            imageCodeCount: 4
        ).write(to: URL(filePath: folder))
        return folder
    }

    /// A row for each token: the old one of the same text, else the mean of those of its pieces, else
    /// that of the end of text.
    @Test("Rows go with the texts of their tokens") func rows() throws {
        let scratch = try ScratchFolder()
        let base = try ResumableRunTests.recipe(in: scratch).open().train(resuming: false)
        let opened = try DecoderFolder(base)
        guard case .tower(let config) = opened.config else { return }
        let old = try Tokenizer(contentsOf: URL(filePath: base))
        let new = try Tokenizer(contentsOf: URL(filePath: Self.tokenizer(in: scratch)))
        let source = try TransplantSource(opened.folder, config, to: new)
        let table = ParameterSpec(
            name: config.tableName,
            shape: [new.space.count, config.hiddenSize],
            role: .table
        )
        let rows = try source.tensor(for: table, initially: .constant(0)).floats()
        let stored = try opened.folder.floats(of: config.tableName)
        let width = config.hiddenSize
        let end = try #require(old.space.specialTokens[.end])

        var (whole, split) = (0, 0)
        for id in 0..<new.space.count {
            var pieces = [end]
            switch new.space.kind(of: id) {
            case .text:
                let text = new.decode([id])
                guard text.utf8.allSatisfy({ $0 < 128 }) else { continue }
                pieces = old.encode(text)
                if pieces.count == 1 { whole += 1 } else { split += 1 }
            case .specialToken(let token): pieces = [old.space.specialTokens[token] ?? end]
            case .image, .unused: break
            }
            for column in 0..<width {
                let sum = pieces.reduce(0) { $0 + stored[$1 * width + column] }
                let difference = rows[id * width + column] - sum / Float(pieces.count)
                #expect(abs(difference) < 1e-6, "\(new.spelling(of: id) ?? "")")
            }
        }
        #expect(whole > 128 && split > 5)
    }

    @Test("A recipe trains with the new vocabulary, and says where its rows are from")
    func trains() throws {
        let scratch = try ScratchFolder()
        let base = try ResumableRunTests.recipe(in: scratch).open().train(resuming: false)
        func recipe(_ model: String) throws -> LanguageModelRecipe {
            let other = try Self.tokenizer(in: scratch)
            return try ResumableRunTests.recipe(
                in: scratch,
                model: model,
                output: "run",
                overrides: ["tokenizer=\(other)"]
            )
        }
        try FileManager.default.moveItem(atPath: base, toPath: scratch.file("base"))
        try FileManager.default.removeItem(atPath: scratch.file("run"))
        let run = try recipe("{from: \(scratch.file("base")), transplant: true}").open()
        #expect(run.plan.description.contains("means of pieces"))
        let finished = try DecoderFolder(run.train(resuming: false))
        #expect(finished.config.vocabularySize > 280)

        let wrong = #expect(throws: JSONFieldError.self) {
            let new = "{width: 32, layers: 1, heads: 2, feed_forward: 48, context: 64}"
            return try recipe("{new: \(new), transplant: true}")
        }
        #expect(wrong?.description.contains("a new model has the tokenizer's vocabulary") == true)
    }
}
