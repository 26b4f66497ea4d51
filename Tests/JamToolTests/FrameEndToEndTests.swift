import Basics
import Foundation
import JamTesting
import Testing

/// Image parents with the vocabularies and frames of published models, fused with a text LLM, trained,
/// resumed and asked.
@Suite struct FrameEndToEndTests {
    private let scratch: ScratchFolder

    /// A GGUF file of SmolLM2, which then is the text parent; minutes for each frame.
    private static let realText = ProcessInfo.processInfo.environment["JAM_SMOLLM2"]

    init() throws { scratch = try ScratchFolder() }

    @discardableResult
    private func jam(_ command: String) throws -> String {
        try Tool.succeed(command, in: scratch.path)
    }

    private func write(_ name: String, _ text: String) throws {
        try scratch.write(name, Array(text.utf8))
    }

    /// Squares on white, in images of three aspect ratios.
    private static let squares = [
        (
            "red",
            "iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAQMAAACQp+OdAAAABlBMVEX////cHh7/Hx2WAAAAHklE"
                + "QVR42mNgGFyAkYHhPwMDAyMDE0xklIHMGGwAAPa7AUAn7aGOAAAAAElFTkSuQmCC"
        ),
        (
            "green",
            "iVBORw0KGgoAAAANSUhEUgAAAGAAAAAwAQMAAADU2O2MAAAABlBMVEX///8etDzsvEo/AAAAHElE"
                + "QVR42mNgGLyAkYGB4T+MxYQsM8rBxxnMAAAMbAEwlUIkbQAAAABJRU5ErkJggg=="
        ),
        (
            "blue",
            "iVBORw0KGgoAAAANSUhEUgAAADAAAABgAQMAAABhQmMzAAAABlBMVEX///8oPNyfCiMmAAAAGklE"
                + "QVR42mNgGCqA////DwxMEPYoRSk1VAAAVKsDXB8gsPIAAAAASUVORK5CYII="
        ),
    ]

    /// Captions, conversations and prose about squares.
    private func writeData() throws {
        var captions = ""
        var talks = ""
        var prose = ""
        for number in 0..<24 {
            let (color, png) = Self.squares[number % 3]
            let image: JSON = ["type": "image", "png": .string(png)]
            let caption: JSON = ["type": "text", "text": .string("a \(color) square \(number)")]
            captions += JSON.object(["segments": [caption, image]]).text() + "\n"
            let question: JSON = [
                "type": "text", "role": "user",
                "text": .string("Draw a \(color) square \(number)."),
            ]
            let said: JSON = ["type": "text", "role": "assistant", "text": "Here it is."]
            let drawn: JSON = ["type": "image", "role": "assistant", "png": .string(png)]
            talks += JSON.object(["segments": [question, said, drawn]]).text() + "\n"
            prose += JSON.object(["text": .string("A square is \(color) and flat.")]).text() + "\n"
        }
        try makeFolder(scratch.file("data"))
        for (name, text) in [("captions", captions), ("talks", talks), ("text", prose)] {
            try write("data/\(name).jsonl", text)
        }
    }

    private func geometry(_ codeCount: Int) -> String {
        "{\"model_type\": \"jam_image_tokenizer\", \"image_size\": 64, \"patch_size\": 16, "
            + "\"encoder\": [{\"channels\": 8, \"blocks\": 1}], "
            + "\"decoder\": [{\"channels\": 8, \"blocks\": 1}], "
            + "\"norm_groups\": 4, \"code_count\": \(codeCount), \"code_width\": 4}"
    }

    /// Prevents a real image parent from being read, fused or trained as if its images were ours.
    @Test(
        "Published frames: fused, trained, resumed, asked",
        arguments: PublishedVocabulary.allCases
    )
    func publishedFrames(kind: PublishedVocabulary) throws {
        try writeData()
        try jam("text train data/talks.jsonl --size 300 --output words")
        try kind.write(to: scratch.file("published"), text: scratch.file("words"))
        try write(
            "images.yaml",
            """
            geometry: \(geometry(kind.codeCount))
            shards: [data/captions.jsonl]
            limit: 16
            held_out: 4
            batch: 4
            schedule: {learning_rate: 1e-3, steps: 1}
            output: images
            """
        )
        try jam("images train images.yaml")
        for (name, tokenizer, shard, more) in [
            ("text", "words", "text.jsonl", ""),
            ("image", "published", "captions.jsonl", "image_tokenizer: images/model"),
        ] {
            try write(
                "\(name).yaml",
                """
                model: {new: {layers: 2, width: 32, heads: 2, feed_forward: 48, context: 512}}
                tokenizer: \(tokenizer)
                \(more)
                data: [{shards: [data/\(shard)], objective: causal, limit: 20}]
                schedule: {learning_rate: 1e-3, steps: 2}
                batch: {tokens_per_step: 256}
                output: \(name)
                """
            )
            try jam("train \(name).yaml")
        }
        try jam(
            "fuse cross --start preserving --every 1 --vocabulary union "
                + "--text \(Self.realText ?? "text/model") --image image/model --output fused"
        )
        try write(
            "tune.yaml",
            """
            model: {from: fused}
            data:
              - {name: captions, shards: [data/captions.jsonl], objective: cm3, limit: 16}
              - {name: talks, shards: [data/talks.jsonl], objective: instruct, limit: 16, \
            cfg_dropout: 0.2}
            schedule: {learning_rate: 3e-3, steps: 50}
            batch: {tokens_per_step: 256}
            save_every: 25
            output: tuned
            """
        )
        try jam("train tune.yaml")

        // From the step in the middle, the run ends with the same weights.
        let weights = "tuned/model/model.safetensors"
        let whole = try scratch.read(weights)
        try FileManager.default.removeItem(atPath: scratch.file("tuned/model"))
        try FileManager.default.removeItem(atPath: scratch.file("tuned/step-00000050"))
        try jam("train tune.yaml --resume")
        #expect(try scratch.read(weights) == whole)

        try expectImages(of: kind)
    }

    private func expectImages(of kind: PublishedVocabulary) throws {
        let size = kind == .chameleon ? (64, 64) : (32, 64)
        let printed = try jam(
            "generate tuned/model --prompt \"Draw a red square.\" --images 2 --seed 3 --max-tokens 8 --json "
                + "--image-size \(size.0)x\(size.1)"
        )
        let answer = try JSONReader(JSON(parsing: printed), source: "answer")
        let images = try answer.objects("segments").filter { try $0.string("type") == "image" }
        let count = size.0 * size.1 / 256
        #expect(try images.map { try $0.integers("codes").count } == [count, count])
        #expect(try images.map { try $0.integer("code_columns") } == [size.0 / 16, size.0 / 16])

        // The frame's tokens are where they belong.
        let ids = try answer.nested("tokens").integers("ids")
        let spelled = try spellings(ids)
        // The string of the text parent, if it has a token of the same meaning.
        let opening =
            Self.realText == nil ? "<break>" : kind == .emu3 ? "<|image start|>" : "<racm3:break>"
        let places = spelled.indices.filter { spelled[$0] == opening }
        #expect(places.count == 2)
        for place in places {
            let frame = spelled[place...].prefix(40)
            switch kind {
            case .chameleon: #expect(frame[place + 17] == "<eoss>")
            case .lumina:
                // 4 rows of 2 codes.
                #expect(
                    Array(frame[place + 1...place + 2]) == ["<reserved08802>", "<reserved08801>"]
                )
                #expect((1...4).allSatisfy { frame[place + 2 + 3 * $0] == "<reserved08799>" })
                #expect(frame[place + 15] == "<eoss>")
            case .emu3:
                let first = try #require(frame.firstIndex(of: "<|image token|>"))
                #expect((1...4).allSatisfy { frame[first + 3 * $0] == "<|extra_200|>" })
                #expect(
                    Array(frame[first + 13...first + 14]) == ["<|extra_201|>", "<|image end|>"]
                )
            }
        }
    }

    /// The strings of added tokens by their ids; others are empty.
    private func spellings(_ ids: [Int]) throws -> [String] {
        let data = try Data(contentsOf: URL(filePath: scratch.file("tuned/model/tokenizer.json")))
        let file = try JSONReader(JSON(parsing: data), source: "tokenizer.json")
        var known: [Int: String] = [:]
        for token in try file.objects("added_tokens") {
            known[try token.integer("id")] = try token.string("content")
        }
        return ids.map { known[$0] ?? "" }
    }
}
