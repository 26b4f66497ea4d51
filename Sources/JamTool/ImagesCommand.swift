import ArgumentParser
import Basics
import Documents
import Foundation
import Jam
import Tensors
import ToolSupport
import Vision

struct ImagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images",
        abstract: "Trains, imports and applies image tokenizers.",
        subcommands: [
            Train.self, ImagesImportCommand.self, Compare.self, Encode.self, Decode.self,
        ]
    )

    struct Train: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Trains an image tokenizer by a recipe."
        )

        @OptionGroup var options: RecipeOptions
        @OptionGroup var engine: EngineOptions

        func run() async throws {
            try await options.train(.imageTokenizer, engine) { "jam images compare \($0) SHARD" }
        }
    }

    struct Compare: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compares images with their reconstructions."
        )

        @Argument(help: "An image tokenizer folder.")
        var tokenizer: String

        @Argument(help: "A JSON Lines file or a WebDataset tar archive.")
        var shard: String

        @Option(help: "How many images.")
        var limit = 48

        @Option(help: "The PNG file to write: pairs of an image and its reconstruction.")
        var output: String

        @OptionGroup var badDocuments: BadDocumentOptions
        @OptionGroup var engine: EngineOptions

        func validate() throws {
            try checkIsPNG(output)
            guard limit > 0 else { throw ValidationError("--limit is at least 1") }
        }

        func run() throws {
            let reader = badDocuments.reader(of: [shard])
            var images: [Image] = []
            while images.count < limit, let (document, _) = try reader.next() {
                images += document.images.prefix(limit - images.count)
            }
            try reader.finish()
            guard !images.isEmpty else {
                throw ValidationError("\(shard): no document has an image")
            }
            try engine.start()
            let imageTokenizer = try openImageTokenizer(tokenizer)
            let (decoded, quality) = try withTorchErrors {
                (
                    try imageTokenizer.decode(try imageTokenizer.encode(images)),
                    try imageTokenizer.quality(on: images)
                )
            }
            let pairs = zip(images, decoded).flatMap { [$0, $1] }
            let sheet = Image.contactSheet(pairs, columns: 12)
            try AtomicFile.write(sheet.png(), to: output)
            let decibels = quality.signalToNoise.decimals(1)
            Console.report(
                "wrote \(output): \(images.count.of("image")), \(decibels) dB, "
                    + "\(quality.codesInUse) of \(imageTokenizer.codeCount) codes in use"
            )
        }
    }

    struct Encode: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the codes of images, one line for each image, row by row."
        )

        @Argument(help: "An image tokenizer folder.")
        var tokenizer: String

        @Argument(help: "Image files.")
        var images: [String]

        @OptionGroup var engine: EngineOptions

        func run() throws {
            let images = try images.map { try Image(contentsOf: URL(filePath: $0)) }
            try engine.start()
            let imageTokenizer = try openImageTokenizer(tokenizer)
            let start = ContinuousClock.now
            let codes = try withTorchErrors { try imageTokenizer.encode(images) }
            let seconds = start.duration(to: .now) / .seconds(1)
            for codes in codes { Console.print(codes.map(String.init).joined(separator: ",")) }
            Console.report("\(images.count) images in \(seconds.decimals(3)) s")
        }
    }

    struct Decode: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Decodes an image from its codes."
        )

        @Argument(help: "An image tokenizer folder.")
        var tokenizer: String

        @Argument(help: "The codes, separated by commas.")
        var codes: String

        @Option(help: "The PNG file to write.")
        var output: String

        @OptionGroup var engine: EngineOptions

        func validate() throws { try checkIsPNG(output) }

        func run() throws {
            try engine.start()
            let imageTokenizer = try openImageTokenizer(tokenizer)
            let codes = try TokenList(
                parsing: codes,
                option: "codes",
                below: imageTokenizer.codeCount
            ).ids
            let image = try withTorchErrors { try imageTokenizer.decode([codes]) }[0]
            try AtomicFile.write(image.png(), to: output)
            Console.report("wrote \(output)")
        }
    }
}

/// Refuses a name that promises another format.
private func checkIsPNG(_ path: String) throws {
    guard path.lowercased().hasSuffix(".png") else {
        throw ValidationError("--output is \(path); a name that ends in .png is expected")
    }
}
