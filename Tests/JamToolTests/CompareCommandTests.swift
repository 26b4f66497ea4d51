import Foundation
import JamTesting
import Testing

/// `jam compare`, as its users type it.
@Suite struct CompareCommandTests {
    private static let models = ["answers", "text"].map {
        Tool.root.appending(path: "models/dictionary/\($0)").path
    }
    private static let recorded = #"""
        {"answers": [{"segments": [{"type": "text", "text": "Recorded <first>."}]},
        {"segments": [{"type": "text", "text": "Recorded second."}]}]}
        """#

    private func compare(_ options: [String], in scratch: ScratchFolder) throws -> Tool.Result {
        try scratch.write("recorded.json", Self.recorded.utf8)
        return try Tool.run(
            ["compare"] + Self.models + ["recorded.json", "--seed", "1", "--images", "0"]
                + ["--max-tokens", "4", "--output", "page.html"] + options,
            in: scratch.path
        )
    }

    private static let prompts = ["--prompt", "What is a cat?", "--prompt", "What is a <dog>?"]

    /// Prevents answers under another question or another name.
    @Test("Answers stand under their questions, each with a name") func compares() throws {
        let scratch = try ScratchFolder()
        let result = try compare(Self.prompts, in: scratch)
        #expect(result.status == 0, "\(result.error)")
        let page = String(decoding: try scratch.read("page.html"), as: UTF8.self)
        let parts = page.components(separatedBy: "<article>").dropFirst()
        #expect(parts.count == 2)
        for (part, (question, answer)) in zip(
            parts,
            [
                ("What is a cat?", "Recorded &lt;first&gt;."),
                ("What is a &lt;dog&gt;?", "Recorded second."),
            ]
        ) {
            #expect(part.contains("<p>\(question)</p>") && part.contains("<p>\(answer)</p>"))
            let names = (Self.models + ["recorded.json"]).map { "<h2>\($0)</h2>" }
            let places = names.compactMap { part.range(of: $0)?.lowerBound }
            #expect(places.count == 3 && places == places.sorted())
        }
        #expect(!page.contains("<dog>"))
    }

    /// Prevents minutes of answers before a mistake is found that was there at the start.
    @Test("What is wrong with the last model or the page is said before the first answers")
    func mistakesAreFoundFirst() throws {
        let scratch = try ScratchFolder()
        for (model, output, message) in [
            ("nowhere", "page.html", "nowhere: there is no such folder"),
            (Self.models[1], "none/page.html", "none/page.html: cannot be created"),
        ] {
            let result = try Tool.run(
                ["compare", Self.models[0], model, "--prompt", "Hi", "--output", output],
                in: scratch.path
            )
            #expect(result.status != 0 && result.error.contains(message), "\(result.error)")
            #expect(!result.error.contains("asking"))
        }
        #expect(try scratch.list().isEmpty)
    }

    /// Prevents a page that says whose answers they are, and a key that says it wrongly.
    @Test("A blind page has a key in another file") func isBlind() throws {
        let scratch = try ScratchFolder()
        let result = try compare(Self.prompts + ["--blind"], in: scratch)
        #expect(result.status == 0, "\(result.error)")
        let page = String(decoding: try scratch.read("page.html"), as: UTF8.self)
        #expect(!page.contains("recorded.json") && !page.contains("models/dictionary"))
        let key = try JSONSerialization.jsonObject(with: Data(try scratch.read("page.key.json")))
        let questions = try #require((key as? [String: Any])?["questions"] as? [[String: String]])
        let parts = page.components(separatedBy: "<article>").dropFirst()
        #expect(questions.count == 2)
        for (part, names) in zip(parts, questions) {
            #expect(Set(names.values) == Set(Self.models + ["recorded.json"]))
            let answers = part.components(separatedBy: "<h2>").filter { $0.contains("Recorded") }
            let letter = try #require(answers.first?.first.map(String.init))
            #expect(names[letter] == "recorded.json")
        }
    }

    @Test("Refuses what cannot be compared in one line") func refuses() throws {
        let scratch = try ScratchFolder()
        for (options, status, message) in [
            (["--prompt", "a"], 65, "recorded.json: has 2 answers, and 1 questions are asked"),
            ([], 64, "one of --prompt and --questions is expected"),
            (Self.prompts + ["--limit", "0"], 64, "--limit is 0"),
        ] as [([String], Int32, String)] {
            let result = try compare(options, in: scratch)
            #expect(result.status == status && result.error.contains(message), "\(result.error)")
            #expect(!FileManager.default.fileExists(atPath: scratch.file("page.html")))
        }
    }
}
