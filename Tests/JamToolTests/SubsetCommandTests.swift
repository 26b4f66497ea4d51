import Foundation
import JamTesting
import Testing

/// `jam text subset`, as its users type.
@Suite struct SubsetCommandTests {
    /// Prevents an image parent that cannot read conversations in the LLM's format.
    @Test("The chat template comes along") func chatTemplateComesAlong() throws {
        let scratch = try ScratchFolder()
        let parent = Tool.root.appending(path: "models/dictionary/text/tokenizer.json")
        try scratch.makeFolder("llm")
        try scratch.write("llm/tokenizer.json", Data(contentsOf: parent))
        let template = "{% for message in messages %}{{ message['content'] }}{% endfor %}"
        try scratch.write("llm/chat_template.jinja", template.utf8)
        try scratch.write("texts.jsonl", #"{"text": "a cat and a dog"}"#.utf8)
        try Tool.succeed(
            "text subset llm texts.jsonl --image-codes 8 --output subset",
            in: scratch.path
        )
        let copied = try scratch.read("subset/chat_template.jinja")
        #expect(String(decoding: copied, as: UTF8.self) == template)
    }
}
