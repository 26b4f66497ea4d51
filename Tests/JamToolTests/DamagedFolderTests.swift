import Foundation
import JamTesting
import Testing

/// Folders that were right once, given to every command that opens models.
@Suite struct DamagedFolderTests {
    private static let shipped = Tool.root.appending(path: "models/dictionary/text")

    /// A copy of the shipped text parent whose file `name` has `old` replaced by `new`.
    private static func damaged(
        _ scratch: ScratchFolder,
        from source: URL = shipped,
        _ name: String,
        _ old: String,
        _ new: String
    ) throws {
        let copy = URL(filePath: scratch.file("damaged"))
        try FileManager.default.copyItem(at: source, to: copy)
        let file = copy.appending(path: name)
        let text = try String(contentsOf: file, encoding: .utf8)
        try #require(text.contains(old))
        try text.replacing(old, with: new).write(to: file, atomically: true, encoding: .utf8)
    }

    /// Prevents a description of a model that is not there, and messages that do not say which of
    /// several folders is meant.
    @Test(
        "Every command names the weight",
        arguments: [
            "inspect damaged", "inspect logits damaged --tokens 1 --output made",
            "generate damaged --prompt a --output made", "evaluate damaged \(corpus)",
            "fuse uniform --text damaged --image damaged --output made",
        ],
        [
            ("8", "9", "the weight \"model.layers.8."),
            ("8", "7", "config.json does not call for "),
        ]
    )
    func everyCommandNamesTheWeight(
        command: String,
        damage: (old: String, new: String, message: String)
    ) throws {
        let scratch = try ScratchFolder()
        let key = "\"num_hidden_layers\": "
        try Self.damaged(scratch, "config.json", key + damage.old, key + damage.new)
        try scratch.write(Self.corpus, Array("{\"text\": \"a\"}\n".utf8))
        let result = try Tool.run(Tool.words(of: command), in: scratch.path)
        #expect(result.status == 65, "\(result.error)")
        #expect(result.error.hasPrefix("error: damaged: \(damage.message)"), "\(result.error)")
        #expect(result.error.count(where: \.isNewline) == 1 && result.output.isEmpty)
        #expect(try scratch.list().sorted() == [Self.corpus, "damaged"])
    }

    /// Prevents one command from writing what the next one refuses to read.
    @Test(
        "Every command refuses the tokenizer",
        arguments: [
            "inspect damaged", "generate damaged --prompt a --output made",
            "fuse uniform --text damaged --image damaged --output made",
        ],
        [
            (
                "tokenizer.json", "\"added_tokens\": [", extraCode, 65,
                "damaged: tokenizer.json has 5144 tokens, but the tables have only 5143 rows"
            ),
            (
                "tokenizer_config.json", "\"eos_token\": \"<eos>\"", "\"eos_token\": \"<image:0>\"",
                78,
                "damaged/tokenizer_config.json: eos_token: \"<image:0>\" is an image code"
            ),
        ]
    )
    func everyCommandRefusesTheTokenizer(
        command: String,
        damage: (name: String, old: String, new: String, status: Int32, message: String)
    ) throws {
        let scratch = try ScratchFolder()
        try Self.damaged(scratch, damage.name, damage.old, damage.new)
        let result = try Tool.run(Tool.words(of: command), in: scratch.path)
        #expect(result.status == damage.status, "\(result.error)")
        #expect(result.error.hasPrefix("error: \(damage.message)"), "\(result.error)")
        #expect(try scratch.list() == ["damaged"])
    }

    /// One that the model needs a row for; another token would only be unused.
    private static let extraCode = """
        "added_tokens": [{"id": 5143, "content": "<image:1024>", "single_word": false, "lstrip": false, \
        "rstrip": false, "normalized": false, "special": true},
        """

    private static let corpus = "corpus.jsonl"

    /// Prevents what is odd in an index from being noticed by fusion alone.
    @Test(
        "Odd indices are told",
        arguments: ["inspect damaged", "generate damaged --prompt a --images 0 --max-tokens 1"]
    )
    func oddIndicesAreTold(command: String) throws {
        let scratch = try ScratchFolder()
        let parent = Self.shipped.path
        try Tool.succeed(
            "fuse uniform --text \(parent) --image \(parent) --max-shard-size 8MB --output fused",
            in: scratch.path
        )
        let fused = URL(filePath: scratch.file("fused"))
        try Self.damaged(
            scratch,
            from: fused,
            "model.safetensors.index.json",
            "\"total_size\": ",
            "\"total_size\": 1"
        )
        let result = try Tool.run(Tool.words(of: command), in: scratch.path)
        #expect(result.status == 0, "\(result.error)")
        let index = "damaged/model.safetensors.index.json"
        #expect(result.error.contains("warning: \(index): total_size is "), "\(result.error)")
    }
}
