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

    private static let images = """
        geometry: \(geometry)
        shards: [data/captions.tar]
        limit: 40
        held_out: 4
        batch: 8
        schedule: {learning_rate: 1e-3, steps: 3}
        dtype: float16
        output: images
        """

    private static func recipe(
        _ name: String,
        _ shard: String,
        _ objective: String,
        tokenizer: String = "tokenizer",
        of sizes: String = "layers: 2, width: 32, heads: 2, feed_forward: 48"
    ) -> String {
        """
        model: {new: {\(sizes), context: 256}}
        tokenizer: \(tokenizer)
        \(name == "image" ? "image_tokenizer: images/model" : "")
        data: [{name: \(name), shards: [data/\(shard)], objective: \(objective), limit: 40}]
        held_out: 4
        schedule: {learning_rate: 1e-3, steps: 3}
        batch: {tokens_per_step: 512}
        output: \(name)
        """
    }

    /// What is done in a scratch folder.
    private struct Workplace {
        let scratch: ScratchFolder

        @discardableResult
        func jam(_ command: String) throws -> String {
            try Tool.succeed(command, in: scratch.path)
        }

        func write(_ name: String, _ text: String) throws {
            try scratch.write(name, Array(text.utf8))
        }

        /// Makes the data, a text tokenizer of one of its shards and an image tokenizer.
        func prepare(conversations: Int, tokenizerOf shard: String) throws {
            try Tool.succeed(
                "build --output data --images 1 --conversations \(conversations)",
                in: scratch.path,
                as: Tool.pictureDictionary
            )
            try jam("text train data/\(shard) --size 400 --image-codes 32 --output tokenizer")
            try write("images.yaml", EndToEndTests.images)
            try jam("images train images.yaml")
        }
    }

    /// The rows of a table that is printed as JSON.
    private static func rows(of table: String) throws -> [JSONReader] {
        try JSONReader(["rows": JSON(parsing: table)], source: "table").objects("rows")
    }

    // Prevents: parts that work alone and do not fit together.
    @Test("Data, tokenizers, parents, all fusions, tuning, answers")
    func everything() throws {
        let scratch = try ScratchFolder()
        let place = Workplace(scratch: scratch)
        try place.prepare(conversations: 40, tokenizerOf: "conversations.tar")
        try place.jam(
            "images compare images/model data/captions.tar --limit 4 --output sheet.png"
        )
        try place.write("text.yaml", Self.recipe("text", "text.jsonl", "causal"))
        try place.write("image.yaml", Self.recipe("image", "captions.tar", "cm3"))
        try place.jam("train text.yaml")
        try place.jam("train image.yaml")

        let parents = "--text text/model --image image/model"
        for (name, options) in [
            ("uniform", "uniform"), ("width", "width --norm halves --off-diagonal zero"),
            ("cross", "cross --start preserving --every 1"),
        ] {
            try place.jam("fuse \(options) \(parents) --output \(name)")
            try place.write(
                "tune.yaml",
                """
                model: {from: \(name)}
                data: [{shards: [data/conversations.tar], objective: instruct, limit: 8}]
                schedule: {learning_rate: 1e-3, steps: 2}
                batch: {tokens_per_step: 512}
                output: \(name)-tuned
                dtype: int8
                """
            )
            try place.jam("train tune.yaml")
            let text = try place.jam(
                "generate \(name)-tuned/model --prompt \"What is a cat?\" --images 1 --seed 3 "
                    + "--max-tokens 12 --json"
            )
            let answer = try JSONReader(JSON(parsing: text), source: "answer")
            let segments = try answer.objects("segments")
            let images = try segments.filter { try $0.string("type") == "image" }
            #expect(images.count == 1)
            #expect(try images.first?.integers("codes").count == 16)
            #expect(try answer.nested("tokens").integer("image") == 16)
        }
        let table = try place.jam(
            "evaluate cross-tuned/model data/questions.tar --against cross --limit 6 --json"
        )
        let models = try Self.rows(of: table)
        #expect(try models.map { try $0.string("label") } == ["cross-tuned/model", "cross"])
        #expect(try models.allSatisfy { try $0.number("text_perplexity") > 1 })
        // An answer is a document that can be gone on with.
        try place.jam(
            "generate cross-tuned/model --prompt Hello --images 1 --max-tokens 4 --output a.json"
        )
        try place.jam("generate cross-tuned/model --chat a.json --images 0 --max-tokens 4")
        try place.jam(
            "generate cross-tuned/model --prompt \"Draw a cat.\" --prompt \"Draw a dog.\" "
                + "--images 1 --max-tokens 4 --output answers.html"
        )
        let page = String(decoding: try scratch.read("answers.html"), as: UTF8.self)
        #expect(page.contains("Draw a cat.") && page.contains("Draw a dog."))
        #expect(page.components(separatedBy: "data:image/png").count == 3)
    }

    // Prevents: a union, towers or bridges that only work while nothing is computed with them.
    @Test("Parents of unlike family, depth, width and vocabulary: fused, trained, asked")
    func unlikeParents() throws {
        let scratch = try ScratchFolder()
        let place = Workplace(scratch: scratch)
        try place.prepare(conversations: 40, tokenizerOf: "captions.tar")
        try place.jam("text train data/text.jsonl --size 350 --output words")
        let text = Self.recipe(
            "text",
            "text.jsonl",
            "causal",
            tokenizer: "words",
            of: "family: llama, layers: 4, width: 64, heads: 4, feed_forward: 96"
        )
        let image = Self.recipe(
            "image",
            "captions.tar",
            "cm3",
            of: "family: chameleon, layers: 6, width: 96, heads: 4, feed_forward: 144"
        )
        for (name, recipe) in [("text", text), ("image", image)] {
            try place.write("\(name).yaml", recipe)
            try place.jam("train \(name).yaml")
        }
        try place.jam(
            "fuse cross --start preserving --every 2 --vocabulary union --text text/model "
                + "--image image/model --output cross"
        )
        try place.write(
            "tune.yaml",
            """
            model: {from: cross}
            data: [{shards: [data/conversations.tar], objective: instruct, limit: 16}]
            schedule: {learning_rate: 3e-3, steps: 100}
            batch: {tokens_per_step: 512}
            seed: 2
            output: tuned
            """
        )
        try place.jam("train tune.yaml")
        // What is learned is more than nothing: the conversations are hardly a surprise any more. So
        // few steps depend on the seed: 36 to 99 of 370 were seen.
        let table = try place.jam(
            "evaluate tuned/model data/conversations.tar --against cross --limit 16 --json"
        )
        let perplexities = try Self.rows(of: table).map { try $0.number("text_perplexity") }
        #expect(perplexities[0] < perplexities[1] / 4, "\(perplexities)")
        let printed = try place.jam(
            "generate tuned/model --prompt \"Draw a cat.\" --images 1 --seed 3 --max-tokens 12 --json"
        )
        let answer = try JSONReader(JSON(parsing: printed), source: "answer")
        let images = try answer.objects("segments").filter { try $0.string("type") == "image" }
        #expect(try images.map { try $0.integers("codes").count } == [16])
    }

    // Prevents: retrieval and tasks whose commands work one by one and do not fit together.
    @Test("A CLIP, a bank, training and answering with documents, and tasks to tune on")
    func retrieval() throws {
        let scratch = try ScratchFolder()
        let place = Workplace(scratch: scratch)
        try place.prepare(conversations: 1, tokenizerOf: "captions.tar")
        let tower = "layers: 1, width: 16, heads: 2, feed_forward: 16"
        try place.write(
            "clip.yaml",
            """
            model:
              new: {vector: 16, text: {\(tower), context: 64}, vision: {\(tower), image: 64, patch: 16}}
            tokenizer: tokenizer
            shards: [data/captions.tar]
            limit: 40
            held_out: 8
            batch: 8
            schedule: {learning_rate: 1e-3, steps: 3}
            output: clip
            """
        )
        try place.jam("clip train clip.yaml")
        // A run that is done has nothing left to do, and says so in peace.
        try place.jam("clip train clip.yaml --resume")
        try place.jam("bank build data/captions.tar --limit 30 --clip clip/model --output bank")

        let recipe = Self.recipe("image", "captions.tar", "cm3")
        let plain = "objective: cm3"
        try place.write(
            "image.yaml",
            recipe.replacingOccurrences(
                of: plain,
                with: plain + ", retrieve: {bank: bank, clip: clip/model, relevance_limit: 1}"
            )
        )
        try place.jam("train image.yaml")
        let printed = try place.jam(
            "generate image/model --prompt \"a cat\" --retrieve bank --clip clip/model --images 1 "
                + "--max-tokens 0 --json"
        )
        let answer = try JSONReader(JSON(parsing: printed), source: "answer")
        // Each of the two documents has an image of 16 codes.
        #expect(try answer.nested("tokens").integer("prompt") > 32)

        let tasks = Tool.root.appending(path: "recipes/tasks.yaml").path
        try place.jam(
            "data compose data/captions.tar --templates \(tasks) --task drawing --limit 6 "
                + "--output drawing.tar"
        )
        try place.write(
            "tune.yaml",
            """
            model: {from: image/model}
            data: [{shards: [drawing.tar], objective: instruct}]
            schedule: {learning_rate: 1e-3, steps: 2}
            batch: {tokens_per_step: 512}
            output: tuned
            """
        )
        try place.jam("train tune.yaml")
        let wrong = try Tool.run(
            Tool.words(
                of: "data compose data/text.jsonl --templates \(tasks) --task drawing "
                    + "--output wrong.jsonl"
            ),
            in: scratch.path
        )
        #expect(wrong.status == 65 && wrong.error.contains("the task expects text, image"))
        #expect(!FileManager.default.fileExists(atPath: scratch.file("wrong.jsonl")))
    }
}
