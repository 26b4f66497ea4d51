import Basics
import Foundation
import JamTesting
import Testing

/// From the picture dictionary's data to an answer, with models too small to say anything.
@Suite struct EndToEndTests {
    private static let geometry =
        "{\"model_type\": \"jam_image_tokenizer\", \"image_size\": 64, \"patch_size\": 16, "
        + "\"encoder\": [{\"channels\": 8, \"blocks\": 1}], "
        + "\"decoder\": [{\"channels\": 8, \"blocks\": 1}], "
        + "\"norm_groups\": 4, \"code_count\": 32, \"code_width\": 4}"

    private static func recipe(_ name: String, _ shard: String, _ objective: String) -> String {
        """
        model: {new: {layers: 2, width: 32, heads: 2, feed_forward: 48, context: 256}}
        tokenizer: tokenizer
        \(name == "image" ? "pictures: pictures/model" : "")
        data: [{name: \(name), shards: [data/\(shard)], objective: \(objective), limit: 40}]
        held_out: 4
        schedule: {peak: 1e-3, steps: 3}
        batch: {tokens_per_step: 512}
        output: \(name)
        """
    }

    // Prevents: parts that work alone and do not fit together.
    @Test("Data, tokenizers, parents, all fusions, tuning, answers")
    func everything() throws {
        let scratch = try ScratchFolder()
        func jam(_ command: String) throws -> String {
            try Tool.succeed(command, in: scratch.path)
        }
        func write(_ name: String, _ text: String) throws {
            try scratch.write(name, Array(text.utf8))
        }
        _ = try jam("dictionary build --output data --pictures 1 --conversations 40")
        _ = try jam(
            "text train data/conversations.tar --size 400 --image-codes 32 --output tokenizer"
        )
        try write(
            "pictures.yaml",
            """
            geometry: \(Self.geometry)
            shards: [data/captions.tar]
            limit: 40
            held_out: 4
            batch: 8
            schedule: {peak: 1e-3, steps: 3}
            storage: float16
            output: pictures
            """
        )
        _ = try jam("images train pictures.yaml")
        _ = try jam("images compare pictures/model data/captions.tar --limit 4 --output sheet.png")
        try write("text.yaml", Self.recipe("text", "text.jsonl", "causal"))
        try write("image.yaml", Self.recipe("image", "captions.tar", "cm3"))
        _ = try jam("train text.yaml")
        _ = try jam("train image.yaml")

        let parents = "--text text/model --image image/model"
        for (name, options) in [
            ("uniform", "uniform"), ("width", "width --norm halves --off-diagonal zero"),
            ("cross", "cross --start preserving --every 1"),
        ] {
            _ = try jam("fuse \(options) \(parents) --output \(name)")
            try write(
                "tune.yaml",
                """
                model: {from: \(name)}
                data: [{shards: [data/conversations.tar], objective: instruct, limit: 8}]
                schedule: {peak: 1e-3, steps: 2}
                batch: {tokens_per_step: 512}
                output: \(name)-tuned
                storage: int8
                """
            )
            _ = try jam("train tune.yaml")
            let text = try jam(
                "generate \(name)-tuned/model --prompt \"What is a cat?\" --images 1 --seed 3 "
                    + "--max-tokens 12 --json"
            )
            let answer = try JSONReader(JSON(parsing: text), source: "answer")
            let segments = try answer.objects("segments")
            let pictures = try segments.filter { try $0.string("type") == "image" }
            #expect(pictures.count == 1)
            #expect(try pictures.first?.integers("codes").count == 16)
            #expect(try answer.nested("tokens").integer("image") == 16)
        }
        let table = try jam(
            "evaluate cross-tuned/model data/questions.tar --against cross --limit 6 --json"
        )
        guard case .array(let rows) = try JSON(parsing: table) else {
            Issue.record("no table: \(table)")
            return
        }
        let models = try rows.map { try JSONReader($0, source: "row") }
        #expect(try models.map { try $0.string("label") } == ["cross-tuned/model", "cross"])
        #expect(try models.allSatisfy { try $0.number("text_perplexity") > 1 })
        // An answer is a document that can be gone on with.
        _ = try jam(
            "generate cross-tuned/model --prompt Hello --images 1 --max-tokens 4 --output a.json"
        )
        _ = try jam("generate cross-tuned/model --chat a.json --images 0 --max-tokens 4")
        _ = try jam(
            "generate cross-tuned/model --prompt \"Draw a cat.\" --prompt \"Draw a dog.\" "
                + "--images 1 --max-tokens 4 --output answers.html"
        )
        let page = String(decoding: try scratch.read("answers.html"), as: UTF8.self)
        #expect(page.contains("Draw a cat.") && page.contains("Draw a dog."))
        #expect(page.components(separatedBy: "data:image/png").count == 3)
    }
}
