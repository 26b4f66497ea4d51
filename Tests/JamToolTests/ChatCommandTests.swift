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

    @Test("Turns are counted from one") func turnsAreCountedFromOne() throws {
        let result = try chat([], "--turns 0", in: ScratchFolder())
        #expect(result.status == 64)
        #expect(result.error.contains("--turns is 0; an integer from 1 is expected"))
    }
}

extension Substring {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
