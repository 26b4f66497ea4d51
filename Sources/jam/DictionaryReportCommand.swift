import ArgumentParser
import Basics
import Dictionary
import Evaluating
import Generating

extension DictionaryCommand {
    struct Report: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measures models of the dictionary and writes tables, plots and drawings.",
            discussion: """
                EXAMPLES
                  jam dictionary report recipes/dictionary/report.yaml --output benchmarks --date 2024-05-31
                """
        )

        @Argument(help: "A YAML or JSON file that names the models and the ablations.")
        var plan: String

        @Option(help: "The folder to write the folder dictionary-DATE into.")
        var output = "benchmarks"

        @Option(help: "The day of the report, as 2024-05-31.")
        var date: String

        @Option(help: "Ask about so many of the held-out concepts only.")
        var limit: Int?

        @OptionGroup var contrast: ContrastOptions

        @Option(help: "Temperature of the pictures; 0 takes the likeliest code.")
        var imageTemperature = Sampling.usualForPictures.temperature

        @Option(help: "Nucleus of the pictures.")
        var imageTopP = Sampling.usualForPictures.topP

        @Option(help: "The seed of the pictures.")
        var seed: UInt64 = 0

        @Flag(help: "Replace a report of the same day.")
        var replace = false

        @OptionGroup var engine: EngineOptions

        func run() throws {
            let plan = try ReportPlan(contentsOf: plan)
            let options = try ReportOptions(
                limit: limit,
                sampling: Sampling(temperature: imageTemperature, topP: imageTopP),
                contrasts: contrast.contrasts(),
                seed: seed
            )
            let folder = try DictionaryReport.folder(in: output, date: date, replacing: replace)
            try engine.start()
            let data = try DictionaryBuilder().build()
            let report = try DictionaryReport.measure(plan, on: data, options)
            Console.print(report.table.text)
            for entry in report.missing {
                Console.report("not run: \(entry.label): there is no folder \(entry.folder)")
            }
            Console.report("wrote \(try report.write(to: folder, date: date))")
        }
    }
}
