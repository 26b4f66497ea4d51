import Basics
import Foundation
import Testing
import Vocabulary

/// A model may have its chat template in any of four places.
@Suite struct ChatTemplateFolderTests {
    private func rendered(_ files: [String: String], hasTools: Bool = false) throws -> String? {
        let folder = try Fixtures.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
        return try ChatTemplates(ofModel: folder)?.template(hasTools: hasTools).render([])
    }

    @Test("Reads all four places") func readsAllFourPlaces() throws {
        let string = #"{"chat_template": "string"}"#
        let list =
            #"{"chat_template": [{"name": "default", "template": "list"}, {"name": "tool_use", "template": "tools"}]}"#
        #expect(try rendered(["chat_template.jinja": "file"]) == "file")
        #expect(try rendered(["chat_template.json": string]) == "string")
        #expect(try rendered(["tokenizer_config.json": string]) == "string")
        #expect(try rendered(["tokenizer_config.json": list]) == "list")
        #expect(try rendered(["tokenizer_config.json": list], hasTools: true) == "tools")
        #expect(try rendered(["tokenizer_config.json": string], hasTools: true) == "string")
        #expect(
            try rendered(["chat_template.jinja": "file", "tokenizer_config.json": list]) == "file"
        )
        #expect(try rendered(["tokenizer_config.json": "{}"]) == nil)
        #expect(try rendered([:]) == nil)
    }

    @Test("Names the templates where none is the default")
    func namesTheTemplatesWhereNoneIsTheDefault() throws {
        let list = #"{"chat_template": [{"name": "rag", "template": "x"}]}"#
        let error = #expect(throws: TemplateError.self) {
            try rendered(["tokenizer_config.json": list])
        }
        #expect(
            error?.description.hasSuffix(
                #"tokenizer_config.json: has the chat templates rag, but no "default"; choose one by its name"#
            ) == true
        )
    }

    /// Prevents a rendered conversation from beginning with two `<s>`.
    @Test("A rendered conversation has one beginning") func aRenderedConversationHasOneBeginning()
        throws
    {
        let tokenizer = try Family("llama1").tokenizer
        let template = try ChatTemplateParityTests.template(named: "instructions")
        let text = try template.render(
            [["role": "user", "content": "hi"]],
            variables: ["bos_token": "<s>", "eos_token": "</s>"]
        )
        let tokens = tokenizer.encodeWithAddedTokens(text)
        #expect(text == "<s>[INST] hi [/INST]")
        #expect(tokens.count { $0 == 1 } == 1)
        #expect(tokenizer.postProcessed(tokens) == tokens)
    }

    /// The format that `jam` writes itself is a template as well.
    @Test("Reads the template that is written") func readsTheTemplateThatIsWritten() throws {
        let folder = try Fixtures.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let tokenizer = try Fixtures.tokenizer("gpt2").appending(
            specialTokens: TokenSpace.SpecialToken.ofNewVocabulary,
            imageCodeCount: 0
        )
        try tokenizer.write(to: folder)
        let read = try Tokenizer(contentsOf: folder)
        let template = try #require(try ChatTemplates(ofModel: folder)).template()
        let text = try template.render(
            [["role": "user", "content": "hi"], ["role": "assistant", "content": "you"]],
            variables: read.templateVariables
        )
        #expect(text == "<eos><|user|>hi<|assistant|>you<eos><|assistant|>")
        let space = read.space
        let tokens = read.encodeWithAddedTokens(text)
        #expect(tokens.first == space[.end] && tokens.last == space[.assistant])
    }
}
