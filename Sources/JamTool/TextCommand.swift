import ArgumentParser
import Basics
import Documents
import Foundation
import Models
import ToolSupport
import Vocabulary

struct TextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "text",
        abstract: "Trains and applies text tokenizers.",
        subcommands: [Train.self, TextSubsetCommand.self, Encode.self, Decode.self]
    )

    struct Train: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Trains a byte-level byte-pair tokenizer on the texts of shards."
        )

        @Argument(help: "JSON Lines files or WebDataset tar archives.")
        var shards: [String]

        @Option(help: "How many text tokens.")
        var size = 4096

        @Option(help: "How many image codes to append to the vocabulary.")
        var imageCodes = 0

        @OptionGroup var badDocuments: BadDocumentOptions

        @Option(help: "The folder to write tokenizer.json to.")
        var output: String

        func validate() throws {
            guard (257...1_000_000).contains(size) else {
                throw ValidationError("--size is \(size); 257 to 1000000 is expected")
            }
            guard (0...1_000_000).contains(imageCodes) else {
                throw ValidationError("--image-codes is \(imageCodes); 0 to 1000000 is expected")
            }
        }

        func run() throws {
            let folder = try OutputFolder(at: output)
            let tokenizer = try BPETrainer().train(
                on: badDocuments.reader(of: shards),
                vocabularySize: size,
                imageCodeCount: imageCodes
            )
            try tokenizer.write(to: URL(filePath: folder.path))
            try folder.commit()
            let count = tokenizer.space.text.count
            let shortfall = count < size ? ", fewer than --size: no more pairs to merge" : ""
            Console.report(
                "wrote \(output)/tokenizer.json: \(count) text tokens\(shortfall), "
                    + "\(tokenizer.space.image.count) image codes"
            )
        }
    }

    struct Encode: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the tokens of a text, or of documents as a model reads them."
        )

        @Argument(help: "A model folder, a GGUF file, or a tokenizer.json.")
        var tokenizer: String

        @Argument(help: "The text; special tokens in it are plain text.")
        var text: String?

        @Option(
            help: """
                JSON Lines or a WebDataset archive without images: prints a line for each document, with \
                all special tokens and conversations by the chat template.
                """
        )
        var documents: String?

        @Flag(help: "End documents as prompts, where an answer begins.")
        var asPrompts = false

        @OptionGroup var badDocuments: BadDocumentOptions

        func validate() throws {
            guard (text == nil) != (documents == nil) else {
                throw ValidationError("a text or --documents is expected, and not both")
            }
            guard documents != nil || !asPrompts else {
                throw ValidationError("--as-prompts goes with --documents")
            }
        }

        func run() throws {
            if let text {
                let tokenizer = try Tokenizer(contentsOf: URL(filePath: tokenizer))
                return Self.print(tokenizer.encode(text))
            }
            guard let documents else { return }
            let tokenizer = try DocumentTokenizer(folder: tokenizer, imageTokenizer: nil)
            let reader = badDocuments.reader(of: [documents])
            while let (document, _) = try reader.next() {
                Self.print(try tokenizer.encode(document, isPrompt: asPrompts).tokens)
            }
            try reader.finish()
        }

        private static func print(_ tokens: [TokenID]) {
            Console.print(tokens.map(String.init).joined(separator: ","))
        }
    }

    struct Decode: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints the text of tokens.")

        @Argument(help: "A folder with tokenizer.json, that file, or a GGUF file.")
        var tokenizer: String

        @Argument(help: "Token ids, separated by commas.")
        var tokens: String

        func run() throws {
            let tokenizer = try Tokenizer(contentsOf: URL(filePath: tokenizer))
            let ids = try TokenList(
                parsing: tokens,
                option: "the list of tokens",
                below: tokenizer.space.count
            ).ids
            Console.print(tokenizer.decode(ids))
        }
    }
}
