import Basics
import Decoders
import Documents
import Foundation
import Tensors
import Testing
import Training
import Vision
import Vocabulary

@Suite struct RecipeRunTests {
    // The whole way of `jam train`: files in, a model folder out, and on from where it stopped.
    @Test("A recipe with texts, pictures and conversations trains, stops, goes on and is planned")
    func run() throws {
        let scratch = try SmallModel.scratch()
        defer { try? FileManager.default.removeItem(at: scratch) }
        let recipe = try Self.recipe(in: scratch)
        let data = try RecipeData(recipe, coder: FourShades())
        #expect(data.sources.map(\.sequences.count) == [20, 12])
        #expect(data.heldOut.count == 12)

        let plan = try TrainingPlan(recipe, on: data)
        let text = plan.text(data.tokenizer)
        #expect(text.contains("captions: 20 documents"))
        #expect(text.contains("the first example, from captions"))
        #expect(text.contains("4 codes: "))
        #expect(text.contains("<infill>"))
        #expect(plan.targetShares.values.reduce(0, +) > 0.999)
        #expect(plan.groups.map(\.decays).contains(true))

        let first = try recipe.run(on: data, jamVersion: "0")
        #expect(throws: TrainingError.self) {
            try first.train(resumes: false, style: .quiet) { first.loop.stepCount == 3 }
        }
        let folder = try Self.resumed(recipe, data)
        #expect(folder == recipe.output + "/step-00000008")
        let trained = try ModelFolder(folder)
        #expect(trained.config.vocabularySize == data.tokenizer.space.count)
        let tokenizer = try Tokenizer(contentsOf: URL(filePath: folder))
        #expect(tokenizer.space == data.tokenizer.space)
        let log = try String(contentsOfFile: recipe.output + "/log.jsonl", encoding: .utf8)
        #expect(log.split(separator: "\n").count == 8 + 2)
        #expect(log.contains("\"held_out_loss\""))
        #expect(log.contains("\"image_loss\""))
    }

    private static func resumed(_ recipe: Recipe, _ data: RecipeData) throws -> String {
        try recipe.run(on: data, jamVersion: "0").train(resumes: true, style: .quiet) { false }
    }

    @Test("Pictures without an image tokenizer, or with one of another size, are named")
    func pictures() throws {
        let scratch = try SmallModel.scratch()
        defer { try? FileManager.default.removeItem(at: scratch) }
        let recipe = try Self.recipe(in: scratch)
        let captions = scratch.appending(path: "captions.jsonl").path
        #expect(throws: DataError.noCoder(source: captions)) {
            _ = try RecipeData(recipe, coder: nil)
        }
        #expect(throws: DataError.codes(found: 5, expected: 4)) {
            _ = try RecipeData(recipe, coder: FourShades(codeCount: 5))
        }
    }

    /// Writes data and a tokenizer, and a recipe that names them.
    private static func recipe(in scratch: URL) throws -> Recipe {
        let words = ["a cat", "a dog", "a red ball", "the sun"]
        var captions: [Document] = []
        for index in 0..<20 {
            let shade = UInt8(index % 4 * 64)
            let picture = Picture(
                width: 2,
                height: 2,
                pixels: [UInt8](repeating: shade, count: 12)
            )
            captions.append(Document([.text(words[index % 4]), .picture(picture)]))
        }
        let talks = (0..<12).map { index in
            Document([
                .text("what is \(words[index % 4])?", speaker: .user),
                .text("it is \(words[index % 4])", speaker: .assistant),
            ])
        }
        try write(captions, to: scratch.appending(path: "captions.jsonl"))
        try write(talks, to: scratch.appending(path: "talks.jsonl"))
        let tokenizer = try BytePairTrainer().train(
            words,
            vocabularySize: 270,
            imageCodeCount: 4
        )
        try tokenizer.write(to: scratch)
        let text = """
            model: {new: llama, width: 32, layers: 1, heads: 2, feed_forward: 48}
            tokenizer: \(scratch.path)
            data:
              - {paths: \(scratch.path)/captions.jsonl, objective: cm3, whole_text_share: 1, weight: 2}
              - {paths: \(scratch.path)/talks.jsonl, objective: instruct, weight: 1}
            held_out: {paths: \(scratch.path)/talks.jsonl, objective: instruct, every: 4}
            schedule: {steps: 8, peak: 1e-3, warm_up: 2}
            batch: {tokens_per_step: 200, context: 64}
            output: \(scratch.path)/run
            save_every: 4
            """
        return try Recipe(parsing: text, source: "r.yaml")
    }

    private static func write(_ documents: [Document], to url: URL) throws {
        let writer = try JSONLinesWriter(to: url)
        for document in documents { try writer.write(document) }
        try writer.finish()
    }
}

/// An image tokenizer of four codes a picture: its shade, in every quarter.
struct FourShades: PictureCoder {
    var codesPerPicture: Int { 4 }
    var codeCount = 4

    func encode(_ pictures: [Picture]) throws -> [[Int]] {
        pictures.map { [Int](repeating: Int($0.pixels[0]) / 64, count: 4) }
    }

    func decode(_ codes: [[Int]]) throws -> [Picture] {
        codes.map { codes in
            Picture(
                width: 1,
                height: 1,
                pixels: [UInt8](repeating: UInt8(codes[0] * 64), count: 3)
            )
        }
    }
}
