import ArgumentParser
import Basics
import Documents
import Foundation
import Tensors
import Training
import Vision

struct ImagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images",
        abstract: "Trains and tries image tokenizers.",
        subcommands: [Train.self, Encode.self, Decode.self]
    )

    struct Train: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Trains an image tokenizer as a recipe says."
        )

        @Argument(help: "A recipe: a YAML file.")
        var recipe: String

        @Option(help: "Change the recipe, as steps=3000; may be repeated.")
        var set: [String] = []

        @Flag(help: "Go on from the newest saved step.")
        var resume = false

        @OptionGroup var engine: EngineOptions

        func run() throws {
            let recipe = try PictureRecipe(contentsOf: recipe, overrides: set)
            try engine.start()
            let folder = try PictureJob(recipe).run(resumes: resume)
            Console.report("wrote \(folder); next: jam images encode \(folder) PICTURE")
        }
    }

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
            try AtomicFile.write(picture.png(), to: output)
            Console.report("wrote \(output)")
        }
    }
}
