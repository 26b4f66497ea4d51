import ArgumentParser
import Basics
import Dictionary
import Evaluating
import Generating
import Retrieving
import Vision

extension DictionaryCommand {
    struct Drawings: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measures the ways of drawing with one model of the dictionary.",
            discussion: """
                EXAMPLES
                  jam dictionary drawings models/dictionary/image --date 2024-05-31
                """
        )

        @Argument(help: "The folder of the image parent.")
        var model: String

        @Option(help: "A CLIP folder, which chooses among candidates.")
        var clip: String?

        @Option(
            help:
                "The folder of a model that was trained with retrieval; goes with --clip and --retrieve."
        )
        var recalling: String?

        @Option(help: "The memory bank that it retrieves from.")
        var retrieve: String?

        @Option(help: "The folder to write the folder drawings-DATE into.")
        var output = "benchmarks"

        @Option(help: "The day of the report, as 2024-05-31.")
        var date: String

        @Option(help: "Draw so many of the held-out concepts only.")
        var limit: Int?

        @Option(help: "The seed of the pictures.")
        var seed: UInt64 = 0

        @Flag(help: "Replace a report of the same day.")
        var replace = false

        @OptionGroup var engine: EngineOptions

        func validate() throws {
            guard (recalling == nil) == (retrieve == nil), recalling == nil || clip != nil else {
                throw ValidationError("--recalling, --retrieve and --clip go together")
            }
        }

        func run() throws {
            let options = try ReportOptions(limit: limit, seed: seed)
            let folder = try DictionaryReport.folder(
                in: output,
                named: "drawings",
                date: date,
                replacing: replace
            )
            try engine.start()
            let generator = try Generator.opened(model)
            let embedder = try clip.map(CLIPEmbedder.init)
            var recollection: DrawingReport.Recalling?
            if let recalling, let retrieve, let embedder {
                var retriever = try Retriever(MemoryBank(retrieve), embedder)
                retriever.choice = DocumentChoice(limit: 1)
                recollection = try .init(Generator.opened(recalling), retriever)
            }
            let report = try DrawingReport.measure(
                generator,
                named: model,
                choosingBy: embedder,
                recalling: recollection,
                on: DictionaryBuilder().build(),
                options
            )
            Console.print(report.table.text)
            Console.report("wrote \(try report.write(to: folder, date: date))")
        }
    }
}
