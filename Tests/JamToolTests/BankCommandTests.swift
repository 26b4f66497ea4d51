import Basics
import Foundation
import JamTesting
import Testing

/// The dictionary's CLIP and image parent, as they ship, by command.
@Suite struct BankCommandTests {
    private static let models = Tool.root.appending(path: "models/dictionary").path

    private static func lines(_ texts: [String]) -> [UInt8] {
        Array(texts.map { "{\"text\": \"\($0)\"}\n" }.joined().utf8)
    }

    // Prevents: a bank that cannot be gone on with after a bad document, or holds some of them twice.
    @Test("A bank is built, added to, searched, and continues after a bad document")
    func bank() throws {
        let scratch = try ScratchFolder()
        let clip = "--clip \(Self.models)/clip"
        try scratch.write("a.jsonl", Self.lines(["a lion", "a volcano", " "]))
        let built = try Tool.run(
            Tool.words(of: "bank build a.jsonl \(clip) --output bank"),
            in: scratch.path
        )
        #expect(built.status == 0 && built.error.contains("1 documents without text and image"))
        try scratch.write(
            "b.jsonl",
            Self.lines(["a croissant", "a mosquito"]) + Array("{\n".utf8) + Self.lines(["a fox"])
        )
        let failed = try Tool.run(
            Tool.words(of: "bank build b.jsonl \(clip) --output bank --append"),
            in: scratch.path
        )
        #expect(failed.status == 65 && failed.error.contains("b.jsonl:3"))
        #expect(
            failed.error.contains("the first 2 documents of the shards are processed; continue")
        )
        // One more than the processed ones, as the message says.
        try Tool.succeed(
            "bank build b.jsonl \(clip) --output bank --append --skip 3",
            in: scratch.path
        )
        let within = try Tool.run(
            Tool.words(of: "bank build b.jsonl \(clip) --output other --max-bad-documents 1"),
            in: scratch.path
        )
        #expect(within.status == 0 && within.error.contains("wrote other: 3 documents"))
        #expect(within.error.contains("1 of 4 documents were bad and are passed over"))
        let nothing = try Tool.run(
            Tool.words(of: "bank build b.jsonl \(clip) --output bank --append --skip 5"),
            in: scratch.path
        )
        #expect(nothing.status == 65 && nothing.error.contains("of 4 documents 4 are skipped"))
        #expect(!nothing.error.contains("continue with"))

        let output = try Tool.succeed(
            "bank search bank \(clip) --text \"a fox\" --limit 5 --json",
            in: scratch.path
        )
        let found = try output.split(separator: "\n").map { line in
            let reader = try JSONReader(JSON(parsing: String(line)), source: "search")
            return (try reader.integer("index"), try reader.number("score"))
        }
        #expect(Set(found.map(\.0)) == [0, 1, 2, 3, 4] && found[0].0 == 4 && found[0].1 > 0.99)
        #expect(found.map(\.1) == found.map(\.1).sorted(by: >))
        let whole = try Tool.succeed("bank check bank", in: scratch.path)
        #expect(whole == "bank: 5 documents, all unchanged\n")
        let documents = try scratch.read("bank/documents.jsonl")
        let spoiled = documents.replacing("lion".utf8, with: "lice".utf8)
        try scratch.write("bank/documents.jsonl", spoiled)
        let damaged = try Tool.run(Tool.words(of: "bank check bank"), in: scratch.path)
        #expect(
            damaged.status == 65
                && damaged.error.contains("document 0 or its embedding was changed")
        )
        try scratch.write("bank/documents.jsonl", documents)
        for (arguments, status, problem) in [
            ("--text fox --limit 6", 64, "6 documents are requested, but the bank has 5"),
            ("--text \" \"", 64, "--text with words, or --image, is expected"),
            ("--text fox --limit 0", 64, "request 1 to 5"),
        ] {
            let result = try Tool.run(
                Tool.words(of: "bank search bank \(clip) \(arguments)"),
                in: scratch.path
            )
            #expect(
                Int(result.status) == status && result.error.contains(problem),
                "\(result.error)"
            )
        }
        let other = try Tool.run(
            Tool.words(of: "bank search bank --clip \(Self.models)/image --text fox"),
            in: scratch.path
        )
        #expect(other.status != 0 && other.output.isEmpty)
    }

    // Prevents: options that are taken and do nothing, and candidates that are mixed up.
    @Test("Answers are chosen by CLIP, and documents stand before prompts")
    func generation() throws {
        let scratch = try ScratchFolder()
        let clip = "--clip \(Self.models)/clip"
        try scratch.write("a.jsonl", Self.lines(["a lion", "a volcano"]))
        try Tool.succeed("bank build a.jsonl \(clip) --output bank", in: scratch.path)
        try scratch.write("prompt.json", Array("{\"text\": \"a lion\"}".utf8))
        let command =
            "generate \(Self.models)/image --chat prompt.json --images 1 --max-tokens 0 --seed 3 "
        func seed(_ options: String) throws -> (seed: Int, prompt: Int) {
            let text = try Tool.succeed(command + options + " --json", in: scratch.path)
            let answer = try JSONReader(JSON(parsing: text), source: "answer")
            return (
                try answer.integer("seed"), try answer.nested("tokens").integer("prompt")
            )
        }
        let plain = try seed("")
        let chosen = try seed("--candidates 3 \(clip)")
        #expect(plain.seed == 3 && (3...5).contains(chosen.seed) && chosen.prompt == plain.prompt)
        let retrieved = try Tool.run(
            Tool.words(of: command + "--retrieve bank --documents 1 --json \(clip)"),
            in: scratch.path
        )
        #expect(retrieved.error.contains("retrieved: documents 0 ("))
        #expect(try seed("--retrieve bank \(clip)").prompt > plain.prompt)
        // Documents leave room for an image, and those that did not fit are reported.
        let long = (0..<4).map { String(repeating: "a lion of kind \($0) ", count: 20) }
        try scratch.write("long.jsonl", Self.lines(long))
        try Tool.succeed("bank build long.jsonl \(clip) --output long", in: scratch.path)
        let crowded = try Tool.run(
            Tool.words(of: command + "--retrieve long --documents 4 --json \(clip)"),
            in: scratch.path
        )
        #expect(crowded.status == 0 && crowded.error.contains(" did not fit"), "\(crowded.error)")
        let answer = try JSONReader(JSON(parsing: crowded.output), source: "answer")
        let tokens = try answer.nested("tokens")
        #expect(try tokens.integer("prompt") <= 512 - 66 && tokens.integer("image") == 64)
        for (options, problem) in [
            ("--contrastive 2,0.1 --guidance 3", "only with --mix"),
            ("--candidates 2", "--candidates and --retrieve need --clip"),
            ("--documents 2", "need --retrieve"),
            ("--retrieve bank --relevance-limit 3 \(clip)", "a cosine from -1 to 1"),
        ] {
            let result = try Tool.run(Tool.words(of: command + options), in: scratch.path)
            #expect(result.status == 64 && result.error.contains(problem), "\(result.error)")
        }
        let text = try Tool.run(
            Tool.words(
                of: "generate \(Self.models)/text --prompt a --images 0 --candidates 2 \(clip)"
            ),
            in: scratch.path
        )
        #expect(text.status == 64 && text.error.contains("1 if no images are drawn"))
    }
}
