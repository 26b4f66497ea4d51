import ArgumentParser
import Basics
import Documents
import Foundation
import Tensors
import Vision

struct ImagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images",
        abstract: "Tries image tokenizers.",
        subcommands: [Encode.self, Decode.self]
    )

    struct Encode: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the codes of a picture, row by row."
        )

        @Argument(help: "An image tokenizer folder.")
        var tokenizer: String

        @Argument(help: "A picture (PNG, JPEG or WebP).")
        var picture: String

        @OptionGroup var engine: EngineOptions

        func run() throws {
            let picture = try Picture(contentsOf: URL(filePath: picture))
            try engine.start()
            let coder = try ImageTokenizer.open(tokenizer)
            let codes = try withTorchErrors { try coder.encode([picture]) }[0]
            Console.print(codes.map(String.init).joined(separator: ","))
        }
    }

    struct Decode: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Makes a picture of codes.")

        @Argument(help: "An image tokenizer folder.")
        var tokenizer: String

        @Argument(help: "The codes, separated by commas.")
        var codes: String

        @Option(help: "The PNG file to write.")
        var output: String

        @OptionGroup var engine: EngineOptions

        func run() throws {
            try engine.start()
            let coder = try ImageTokenizer.open(tokenizer)
            let codes = try TokenList(parsing: codes, option: "codes", below: coder.codeCount).ids
            let picture = try withTorchErrors { try coder.decode([codes]) }[0]
            try picture.png().withUnsafeBytes { try AtomicFile.write($0, to: output) }
            Console.report("wrote \(output)")
        }
    }
}
