import Basics
import Foundation
import Testing
import Vocabulary

/// Parity with jinja2 3.1.6, set up as `transformers` 5.23.0 does.
@Suite struct ChatTemplateParityTests {
    static let folder = Fixtures.folder.appending(path: "templates")
    static let names = ["instructions", "headers", "alternating", "marked", "lines", "parts"]

    /// Noon of the generator's date, in any time zone.
    static let noon: Date = {
        var components = DateComponents()
        (components.year, components.month, components.day, components.hour) = (2024, 7, 26, 12)
        return Calendar(identifier: .gregorian).date(from: components) ?? .now
    }()

    @Test("Renders conversations as the reference", arguments: names)
    func rendersConversationsAsTheReference(name: String) throws {
        let template = try Self.template(named: name)
        let golden = try JSONReader(Fixtures.json("templates/golden"), source: "golden")
            .nested(name)
        var count = 0
        for conversation in golden.object.keys {
            let expected = try golden.objects(conversation)
            for (beginsAnswer, outcome) in zip([false, true], expected) {
                let found = try Self.outcome {
                    try Self.render(template, conversation, beginsAnswer: beginsAnswer)
                }
                #expect(found == outcome.object, "\(conversation), \(beginsAnswer)")
                count += 1
            }
        }
        #expect(count == 16)
    }

    @Test("Renders small templates as the reference") func rendersSmallTemplatesAsTheReference()
        throws
    {
        guard case .array(let elements) = try Fixtures.json("templates/expressions") else {
            throw Golden.Mismatch()
        }
        #expect(elements.count > 210)
        for element in elements {
            var expected = try JSONReader(element, source: "expressions").object
            guard case .string(let source)? = expected["template"] else { continue }
            expected["template"] = nil
            // A template that is no template fails as one that fails later.
            if expected["error"] != nil { expected["error"] = "failed" }
            let found = try Self.outcome {
                try Self.render(Self.template(source), "turns", beginsAnswer: true)
            }
            #expect(found == expected, "\(source)")
        }
    }

    /// Prevents training on what the user said, or on half an answer.
    @Test("Says where generation blocks stand, as the reference")
    func saysWhereGenerationBlocksStand() throws {
        guard case .array(let elements) = try Fixtures.json("templates/marked") else {
            throw Golden.Mismatch()
        }
        let file = try JSONReader(Fixtures.json("templates/conversations"), source: "conversations")
        let messages = try file.nested("conversations").array("turns")
        for element in elements {
            let golden = try JSONReader(element, source: "marked")
            let source = try golden.string("template")
            let template = try Self.template(source)
            let found = try template.renderMarkingAnswers(
                messages,
                beginsAnswer: golden.bool("beginsAnswer"),
                variables: ["bos_token": "<s>", "eos_token": "</s>"]
            )
            let ranges = try golden.array("ranges").map { pair in
                guard case .array(let ends) = pair, case .integer(let start) = ends[0],
                    case .integer(let end) = ends[1]
                else { throw Golden.Mismatch() }
                return start..<end
            }
            #expect(found.text == (try golden.string("text")))
            #expect(found.answers == ranges, "\(source)")
            #expect(template.marksAnswers == source.contains("generation"))
        }
    }

    /// Beyond the reference, which measures these blocks from the start of the macro's output.
    @Test(
        "Finds generation blocks in macros whose text is printed as it is",
        arguments: [
            (
                "{% macro m(x) %}<{% generation %}{{ x }}{% endgeneration %}>{% endmacro %}é{{ m(1) }}{{ m(23) }}",
                [3..<4, 6..<8]
            ),
            (
                "{% macro n() %}{{ caller() }}{% endmacro %}ab{% call n() %}{% generation %}c{% endgeneration %}{% endcall %}",
                [2..<3]
            ),
            (
                "{% for x in [[1]] recursive %}{% generation %}a{% endgeneration %}{{ loop(x) if x is iterable and x is not string }}{% endfor %}",
                [0..<1, 1..<2]
            ),
            (
                "{% macro m() %}{% generation %} x {% endgeneration %}{% endmacro %}{{ m() | trim }}",
                nil
            ),
            ("{% set x %}{% generation %}y{% endgeneration %}{% endset %}{{ x }}", nil),
            (
                "{% macro m() %}{% generation %}x{% endgeneration %}{% endmacro %}{{ m() ~ m() }}",
                nil
            ),
        ] as [(String, [Range<Int>]?)]
    )
    func findsGenerationBlocksInMacros(source: String, ranges: [Range<Int>]?) throws {
        let found = try Self.template(source).renderMarkingAnswers([])
        #expect(found.answers == ranges)
    }

    // MARK: - How

    static func template(named name: String) throws -> ChatTemplate {
        let file = folder.appending(path: "\(name).jinja")
        return try template(String(contentsOf: file, encoding: .utf8))
    }

    /// A template from a folder, where templates come from.
    static func template(_ source: String) throws -> ChatTemplate {
        let folder = try Fixtures.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(source.utf8).write(to: folder.appending(path: "chat_template.jinja"))
        guard let templates = try ChatTemplates(ofModel: folder) else { throw Golden.Mismatch() }
        return try templates.template()
    }

    static func render(_ template: ChatTemplate, _ conversation: String, beginsAnswer: Bool) throws
        -> String
    {
        let file = try JSONReader(Fixtures.json("templates/conversations"), source: "conversations")
        let messages = try file.nested("conversations").array(conversation)
        let hasTools = conversation == "tools" || conversation == "calls"
        return try template.render(
            messages,
            tools: hasTools ? .array(try file.array("tools")) : .null,
            beginsAnswer: beginsAnswer,
            variables: ["bos_token": "<s>", "eos_token": "</s>"],
            now: noon
        )
    }

    /// What came out, as the generator writes it.
    private static func outcome(_ body: () throws -> String) throws -> JSON.Object {
        do {
            return ["text": .string(try body())]
        } catch let error as TemplateError {
            guard case .refused(_, let message) = error else { return ["error": "failed"] }
            return ["refused": .string(message)]
        }
    }
}
