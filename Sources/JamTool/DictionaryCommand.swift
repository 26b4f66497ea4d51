import ArgumentParser
import Basics
import Dictionary
import Foundation
import Terminal

struct DictionaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dictionary",
        abstract: "The picture dictionary: the built-in example, from its data to its report.",
        subcommands: [Build.self, Train.self, Report.self, Drawings.self]
    )

    struct Build: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes the dictionary's shards of the emoji font, the CLDR and WordNet."
        )

        @Option(help: "The folder to write.")
        var output: String

        @Option(help: "The seed of every random choice.")
        var seed: UInt64 = 0

        @Option(help: "Captioned images of each concept.")
        var images = 40

        @Option(help: "Conversations.")
        var conversations = 20_000

        @Flag(help: "Caption no image of a held-out concept.")
        var withoutHeldOut = false

        func validate() throws {
            guard images > 0, conversations > 0 else {
                throw ValidationError("--images and --conversations are at least 1")
            }
        }

        func run() throws {
            let folder = try OutputFolder(at: output)
            let data = try DictionaryBuilder(
                seed: seed,
                imagesPerConcept: images,
                conversationCount: conversations,
                captionsHeldOut: !withoutHeldOut
            ).build()
            let progress = ProgressBar("writing", total: data.documentCount, unit: "documents")
            try data.write(into: folder) { progress.advance(to: $0) }
            progress.finish(at: data.documentCount)
            let heldOut = data.concepts.count { $0.split == .heldOut }
            Console.report(
                "wrote \(output): \(data.concepts.count) concepts, \(heldOut) of them held out; "
                    + "next: jam data show \(output)/conversations.tar"
            )
        }
    }
}

extension DictionaryCommand {
    struct Train: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes all models of the dictionary anew by the recipes, and writes them.",
            discussion: """
                Takes hours on two cores. Ctrl-C saves; the same command goes on. What is there in \
                runs/dictionary, which the recipes name, is not made again.
                """
        )

        @Option(help: "The folder to write the finished models to.")
        var output = "models/dictionary"

        @Option(help: "The folder of the recipes.")
        var recipes = "recipes/dictionary"

        @OptionGroup var engine: EngineOptions

        func run() throws {
            try engine.start()
            let training = DictionaryTraining(
                runs: "runs/dictionary",
                recipes: recipes,
                jamVersion: JamCommand.version
            )
            StopSignals.listen()
            try training.run(
                announce: { Console.report($0) },
                onProgress: ProgressBar.handler(),
                isStopWanted: { StopSignals.isStopWanted }
            )
            try training.ship(to: output)
            Console.report("wrote \(output); next: jam chat \(output)/answers")
        }
    }
}
