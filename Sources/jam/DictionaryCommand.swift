import ArgumentParser
import Basics
import Dictionary
import Foundation

struct DictionaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dictionary",
        abstract: "The picture dictionary: the built-in example, from its data to its report.",
        subcommands: [Build.self, Train.self, Report.self]
    )

    struct Build: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes the dictionary's shards of the emoji font, the CLDR and WordNet."
        )

        @Option(help: "The folder to write.")
        var output: String

        @Option(help: "The seed of every random choice.")
        var seed: UInt64 = 0

        @Option(help: "Captioned pictures of each concept.")
        var pictures = 40

        @Option(help: "Conversations.")
        var conversations = 20_000

        func validate() throws {
            guard pictures > 0, conversations > 0 else {
                throw ValidationError("--pictures and --conversations are at least 1")
            }
        }

        func run() throws {
            let data = try DictionaryBuilder(
                seed: seed,
                picturesPerConcept: pictures,
                conversationCount: conversations
            ).build()
            let progress = Progress("writing", total: data.documentCount, unit: "documents")
            try data.write(to: output) { progress.advance(to: $0) }
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
    struct Report: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measures models on held-out concepts and writes tables, plots and drawings."
        )

        @Argument(help: "A plan: a YAML file that lists models and ablations.")
        var plan: String

        @Option(help: "The folder to write the folder dictionary-DATE into.")
        var output = "benchmarks"

        @Option(help: "The date that the report bears, as 2026-11-22.")
        var date: String

        @Option(help: "At most so many held-out concepts.")
        var limit: Int?

        @Option(help: "Classifier-free guidance of the drawings.")
        var guidance = 2.0

        @Option(help: "The seed of the drawings.")
        var seed: UInt64 = 0

        @OptionGroup var engine: EngineOptions

        func run() throws {
            let plan = try ReportPlan(contentsOf: plan)
            let options = try ReportOptions(limit: limit, guidance: guidance, seed: seed)
            try engine.start()
            let data = try DictionaryBuilder().build()
            let report = try DictionaryReport.measure(plan, on: data, options)
            let folder = try report.write(in: output, date: date)
            Console.print(report.markdown(date: date))
            Console.report("wrote \(folder)")
        }
    }
}

extension DictionaryCommand {
    struct Train: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes all models of the dictionary anew by the recipes, and writes them.",
            discussion: """
                Takes hours on two cores. Ctrl-C saves; the same command goes on. What is there in \
                --runs is not made again.
                """
        )

        @Option(help: "The folder to write the finished models to.")
        var output = "models/dictionary"

        @Option(help: "The folder of the runs; the recipes name it, too.")
        var runs = "runs/dictionary"

        @Option(help: "The folder of the recipes.")
        var recipes = "recipes/dictionary"

        @OptionGroup var engine: EngineOptions

        func run() throws {
            try engine.start()
            let training = DictionaryTraining(
                runs: runs,
                recipes: recipes,
                jamVersion: Jam.version
            )
            try training.run { Console.report($0) }
            try training.ship(to: output)
            Console.report("wrote \(output); next: jam chat \(output)/answers")
        }
    }
}
