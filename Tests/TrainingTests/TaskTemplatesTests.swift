import Basics
import Documents
import Foundation
import JamTesting
import Testing
import Training

@Suite struct TaskTemplatesTests {
    private static let before = Image(width: 1, height: 1, pixels: [1, 2, 3])
    private static let after = Image(width: 1, height: 1, pixels: [4, 5, 6])

    private static func templates(_ text: String) throws -> TaskTemplates {
        let scratch = try ScratchFolder()
        return try TaskTemplates(contentsOf: scratch.write("tasks.yaml", Array(text.utf8)))
    }

    @Test("The parts of a document replace the placeholders")
    func conversation() throws {
        let task = try Self.templates(
            """
            editing:
              parts: [image, text, image]
              templates:
                - - system: "Be brief."
                  - user: "{image 1} Please: {text}. "
                  - assistant: "{{Shall I?}}"
                  - user: "Yes."
                  - assistant: "Here it is. {image 2}"
            """
        )["editing"]
        var random = SeededGenerator(seed: 1)
        let parts = Document([
            .image(Self.before), .text("a red hat"), .image(Self.after, altText: "a hat"),
        ])
        let made = try task.conversation(about: parts, at: "here", using: &random)
        #expect(
            made
                == Document([
                    .text("Be brief.", role: .system), .image(Self.before, role: .user),
                    .text("Please: a red hat.", role: .user),
                    .text("{Shall I?}", role: .assistant),
                    .text("Yes.", role: .user),
                    .text("Here it is.", role: .assistant),
                    .image(Self.after, altText: "a hat", role: .assistant),
                ])
        )
        let blank = Document([.image(Self.before), .text(" \n"), .image(Self.after)])
        #expect(throws: TaskError.blank(place: "here", found: " \n")) {
            try task.conversation(about: blank, at: "here", using: &random)
        }
        let wrong = Document([.text("a"), .image(Self.before)])
        #expect(
            throws: TaskError.parts(
                place: "here",
                found: [.text, .image],
                expected: [.image, .text, .image]
            )
        ) { try task.conversation(about: wrong, at: "here", using: &random) }
    }

    // Prevents: a file that ships and cannot be used, or says one thing only.
    @Test("The shipped tasks are complete, and all templates are used")
    func shipped() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appending(path: "recipes/tasks.yaml").path
        let templates = try TaskTemplates(contentsOf: file)
        for name in ["captioning", "question_answering", "editing", "structure"] {
            let task = try templates[name]
            let document = Document(
                task.parts.enumerated().map { index, part in
                    part == .text ? .text("text \(index)") : .image(Self.before)
                }
            )
            var wordings: Set<[String]> = []
            for seed in 0..<40 {
                var random = SeededGenerator(seed: UInt64(seed))
                let made = try task.conversation(about: document, at: "", using: &random)
                #expect(made.segments.last?.role == .assistant)
                #expect(made.images.count == document.images.count)
                for text in document.texts {
                    #expect(made.texts.contains { $0.contains(text) }, "\(name)")
                }
                wordings.insert(made.texts)
            }
            #expect(wordings.count >= 2, "\(name)")
        }
        #expect(
            throws: TaskError.unknownTask(
                source: file,
                name: "x",
                known: templates.tasks.keys.sorted()
            )
        ) { try templates["x"] }
    }

    @Test(
        "Names what is wrong",
        arguments: [
            ("{parts: [sound], templates: []}", "\"sound\" is neither \"text\" nor \"image\""),
            ("{parts: [text], templates: []}", "is empty"),
            (
                "{parts: [text], templates: [[user: \"{text}\"]]}",
                "the last turn must be the assistant's"
            ),
            ("{parts: [text], templates: [[]]}", "the last turn must be the assistant's"),
            (
                "{parts: [text], templates: [{assistant: \"{text}\"}]}",
                "an array of objects is expected"
            ),
            (
                "{parts: [text], templates: [[assistant: \"{text 2}\"]]}",
                "\"{text 2}\" is not one of"
            ),
            (
                "{parts: [text, text], templates: [[assistant: \"{text}\"]]}",
                "\"{text}\" is not one of"
            ),
            ("{parts: [text], templates: [[assistant: \"{text\"]]}", "a brace is not closed"),
            ("{parts: [text], templates: [[assistant: \"{text}}\"]]}", "a brace is not opened"),
            (
                "{parts: [text], templates: [[assistant: \"{text -9223372036854775808}\"]]}",
                "is not one of"
            ),
            ("{parts: [text], templates: [[assistant: a]]}", "part 1, text, is not used"),
            ("{parts: [text], templates: [[robot: \"{text}\"]]}", "found robot; exactly one of"),
            (
                "{parts: [text], templates: [[{user: a, assistant: \"{text}\"}]]}",
                "found user, assistant; exactly one of"
            ),
            (
                "{parts: [text], templates: [[user: \" \", assistant: \"{text}\"]]}",
                "templates[0][0].user: is blank"
            ),
            (
                "{parts: [text], templates: [[assistant: \"\\0{text}\"]]}",
                "templates[0][0].assistant: has a NUL"
            ),
            ("{parts: [text], templates: [[{}]]}", "found nothing; exactly one of"),
            (
                "{parts: [text], templates: [[assistant: \"{text}\"]], more: 1}",
                "more: is not known"
            ),
        ]
    )
    func namesWhatIsWrong(task: String, problem: String) {
        let error = #expect(throws: JSONFieldError.self) { try Self.templates("task: \(task)") }
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }
}
