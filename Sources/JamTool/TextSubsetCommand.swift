import ArgumentParser
import Basics
import Foundation
import Models
import ToolSupport
import Vocabulary

struct TextSubsetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subset",
        abstract: "Reduces a text tokenizer to the tokens that the texts of shards need.",
        discussion: """
            The texts are split exactly as by the whole tokenizer, whose chat template comes along. \
            An image parent with this \
            vocabulary is fused by --vocabulary union with an LLM that has the whole one: each of \
            its words is then a token of the LLM.

            EXAMPLES
              jam text subset llm.gguf captions.tar --image-codes 1024 --output tokenizer
            """
    )

    @Argument(help: "A model folder, a GGUF file, or a tokenizer.json.")
    var tokenizer: String

    @Argument(help: "JSON Lines files or WebDataset tar archives; their images are passed over.")
    var shards: [String]

    @Option(help: "How many image codes to append to the vocabulary.")
    var imageCodes = 0

    @OptionGroup var badDocuments: BadDocumentOptions

    @Option(help: "The folder to write tokenizer.json and the chat template to.")
    var output: String

    func validate() throws {
        guard !shards.isEmpty else { throw ValidationError("at least one shard is expected") }
        guard (0...1_000_000).contains(imageCodes) else {
            throw ValidationError("--image-codes is \(imageCodes); 0 to 1000000 is expected")
        }
    }

    func run() throws {
        let folder = try OutputFolder(at: output)
        let whole = try DocumentTokenizer(folder: tokenizer, imageTokenizer: nil)
        let subset = try whole.subset(
            for: badDocuments.reader(of: shards),
            imageCodeCount: imageCodes
        )
        try subset.write(to: URL(filePath: folder.path))
        if let template = try ChatTemplates(ofTokenizer: URL(filePath: tokenizer))?.template() {
            try AtomicFile.write(template.source, to: folder.file("chat_template.jinja"))
        }
        try folder.commit()
        Console.report(
            "wrote \(output)/tokenizer.json: \(subset.space.text.count) of "
                + "\(whole.space.text.count) text tokens, \(subset.space.image.count) image codes"
        )
    }
}
