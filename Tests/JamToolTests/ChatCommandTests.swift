import Foundation
import JamTesting
import Testing

/// `jam chat`, as its users type.
@Suite struct ChatCommandTests {
    private static let model = Tool.root.appending(path: "models/dictionary/answers").path

    private func chat(_ lines: [String], in scratch: ScratchFolder) throws -> Tool.Result {
        try Tool.run(
            ["chat", Self.model, "--images", "0", "--max-tokens", "3", "--seed", "1"],
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
    @Test("A new question is answered as such") func aNewQuestionIsAnsweredAsSuch() throws {
        let scratch = try ScratchFolder()
        let result = try chat(["What is a lion?", "/new", "What is a lion?"], in: scratch)
        let answers = result.output.split(separator: "> ").map { $0.trimmed }
        #expect(answers.count == 2 && !answers[0].isEmpty, "\(result.output)")
    }
}

extension Substring {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
