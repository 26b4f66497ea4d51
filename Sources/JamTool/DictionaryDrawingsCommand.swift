import ArgumentParser
import Basics
import Dictionary
import Evaluating
import Generating
import Models
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

        @OptionGroup var report: ReportCommandOptions
        @OptionGroup var engine: EngineOptions

        func validate() throws {
            guard (recalling == nil) == (retrieve == nil), recalling == nil || clip != nil else {
                throw ValidationError("--recalling, --retrieve and --clip go together")
            }
        }

        func run() throws {
            let options = ReportOptions(
                limit: report.limit,
                drawing: AnswerOptions(seed: report.seed)
            )
            let folder = try report.folder(named: "drawings")
            try engine.start()
            let generator = try MultimodalModel(contentsOf: model)
            let embedder = try clip.map(CLIPEmbedder.init)
            var recollection: DrawingReport.Recalling?
            if let recalling, let retrieve, let embedder {
                var retriever = try Retriever(BankReader(retrieve), embedder)
                retriever.choice = DocumentChoice(limit: 1)
                recollection = try .init(MultimodalModel(contentsOf: recalling), retriever)
            }
            let result = try DrawingReport.measure(
                generator,
                named: model,
                choosingBy: embedder,
                recalling: recollection,
                on: DictionaryBuilder().build(),
                options
            )
            Console.print(result.table.text)
            Console.report("wrote \(try result.write(to: folder, date: report.date))")
        }
    }
}
