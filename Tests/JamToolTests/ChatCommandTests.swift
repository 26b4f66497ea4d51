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

    /// Prevents settings that are shown and not used, and values that the command line refuses.
    @Test("Settings are shown, changed and reset") func settingsChange() throws {
        let scratch = try ScratchFolder()
        let result = try chat(
            [
                "/settings", "What is a lion?", "/settings max-tokens 40", "/settings seed 9",
                "/settings turns 2", "What is a fox?", "/settings", "/settings reset max-tokens",
                "/settings reset turns", "/settings", "/settings contrastive 4,0.5",
                "/settings image-guidance 2", "/settings temperature -1",
                "/settings temperature hot", "/settings turns 0", "/settings tempo 1",
                "/settings reset tempo", "/settings mix maybe", "/settings temperature 1 2",
                "/settings reset", "/settings", "/save a.json",
            ],
            in: scratch
        )
        #expect(result.status == 0)
        let tables = result.error.components(separatedBy: "turns                  ").dropFirst()
            .map { table in
                Dictionary(
                    uniqueKeysWithValues: ("turns  " + table).split(separator: "\n").prefix(14)
                        .map { line in
                            let (name, value) = (line.prefix { $0 != " " }, line.drop { $0 != " " })
                            return (String(name), value.trimmed)
                        }
                )
            }
        try #require(tables.count == 4, "\(result.error)")
        #expect(tables[0]["max-tokens"] == "3" && tables[0]["seed"] == "1")
        #expect(tables[0]["guidance"] == "2.0" && tables[0]["turns"] == "as many as fit")
        #expect(tables[1]["max-tokens"] == "40" && tables[1]["seed"] == "10")
        #expect(tables[1]["turns"] == "2")
        #expect(tables[2]["max-tokens"] == "3" && tables[2]["seed"] == "10")
        #expect(tables[2]["turns"] == "as many as fit")
        #expect(tables[3] == tables[0])
        for expected in [
            "error: --image-guidance and --contrastive exclude each other",
            "error: --temperature -1.0: expected",
            "error: The value 'hot' is invalid for '--temperature <temperature>'",
            "error: --turns is 0; an integer from 1 is expected",
            "error: there is no setting tempo; /settings lists them\n"
                + "error: there is no setting tempo",
            "error: mix is maybe; on or off is expected",
            "error: /settings NAME VALUE is expected; /settings lists the names",
        ] {
            #expect(result.error.contains(expected), "\(expected)\n\(result.error)")
        }
        let answers = result.output.split(separator: "> ").map(\.trimmed).filter { !$0.isEmpty }
        #expect(answers.count == 2 && answers[0].count < 20 && answers[1].count > 40)
    }

    @Test("Turns are counted from one") func turnsAreCountedFromOne() throws {
        let result = try chat([], "--turns 0", in: ScratchFolder())
        #expect(result.status == 64)
        #expect(result.error.contains("--turns is 0; an integer from 1 is expected"))
    }
}

extension StringProtocol {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
