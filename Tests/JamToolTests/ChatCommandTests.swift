import Foundation
import JamTesting
import Testing

/// `jam chat`, as its users type.
@Suite struct ChatCommandTests {
    private static let model = Tool.root.appending(path: "models/dictionary/answers").path

    private func chat(
        _ lines: [String],
        _ options: String = "--images 0 --max-tokens 3",
        in scratch: ScratchFolder
    ) throws -> Tool.Result {
        try Tool.run(
            ["chat", Self.model, "--seed", "1"] + Tool.words(of: options),
            in: scratch.path,
            input: lines.map { $0 + "\n" }.joined()
        )
    }

    /// Prevents commands from being sent to the model, and a mistake from ending a conversation.
    @Test("Commands are followed, and mistakes survived") func commandsAreFollowed() throws {
        let scratch = try ScratchFolder()
        let result = try chat(
            [
                "/help", "/hepl", "/image", "/image nowhere.png", "", "What is a lion?",
                "What is a fox?", "/undo", "//slash", "/save a.json", "/quit", "never said",
            ],
            in: scratch
        )
        #expect(result.status == 0)
        for expected in [
            "/save FILE     save the conversation",
            "error: there is no command /hepl; /help lists them",
            "error: /image needs an argument",
            "error: nowhere.png: there is no such file",
            "wrote a.json",
        ] {
            #expect(result.error.contains(expected), "\(expected)\n\(result.error)")
        }
        let saved = String(decoding: try scratch.read("a.json"), as: UTF8.self)
        #expect(saved.contains("What is a lion?") && saved.contains("\"/slash\""))
        #expect(!saved.contains("fox") && !saved.contains("never") && !saved.contains("help"))
    }

    /// Prevents the second question from getting the first one's answer.
    @Test("Each question of a model that knows single ones is answered") func eachIsAnswered()
        throws
    {
        let scratch = try ScratchFolder()
        let things = ["lion", "volcano", "croissant"]
        let result = try chat(
            things.map { "What is a \($0)?" },
            "--turns 1 --temperature 0",
            in: scratch
        )
        let answers = result.output.split(separator: "> ").map(\.trimmed).filter { !$0.isEmpty }
        #expect(answers.count == things.count, "\(result.output)")
        for (thing, answer) in zip(things, answers) {
            #expect(answer.contains("image") && answer.contains(thing), "\(answer)")
        }
    }

    /// Prevents a second answer beside the first, and a retry of nothing.
    @Test("The last message is asked again in place of its answer") func retries() throws {
        let scratch = try ScratchFolder()
        let result = try chat(
            ["/retry", "What is a lion?", "/retry", "/save a.json"],
            "--images 1 --max-tokens 0 --image-temperature 5",
            in: scratch
        )
        #expect(result.error.contains("error: there is no message to ask again"))
        let saved = String(decoding: try scratch.read("a.json"), as: UTF8.self)
        #expect(saved.components(separatedBy: "What is a lion?").count == 2)
        #expect(
            saved.components(separatedBy: #""type": "image""#).count == 2,
            "\(saved.prefix(300))"
        )
    }

    /// Prevents Ctrl-C from ending a conversation.
    @Test("Ctrl-C stops the answer and not the conversation") func interrupts() throws {
        let scratch = try ScratchFolder()
        try scratch.write("in", "Draw a lion.\n/save a.json\n".utf8)
        // A shell's programs in the background ignore the signal where jam does not listen.
        let script = """
            "$1" chat "$2" --images 6 --seed 1 < in 2> err > out &
            until grep -q "/help lists" err; do sleep 0.05; done
            while kill -INT $! 2> kill; do sleep 0.3; done
            wait $!
            """
        let result = try Tool.run(
            ["-c", script, "bash", Tool.executable.path, Self.model],
            in: scratch.path,
            as: URL(filePath: "/bin/bash")
        )
        #expect(result.status == 0)
        let error = String(decoding: try scratch.read("err"), as: UTF8.self)
        #expect(error.contains("stopped; your message is taken back"), "\(error)")
        #expect(error.contains("wrote a.json"))
    }

    @Test("Turns are counted from one") func turnsAreCountedFromOne() throws {
        let result = try chat([], "--turns 0", in: ScratchFolder())
        #expect(result.status == 64)
        #expect(result.error.contains("--turns is 0; an integer from 1 is expected"))
    }
}

extension Substring {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
