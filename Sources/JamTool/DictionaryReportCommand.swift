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

        @OptionGroup var report: ReportCommandOptions
        @OptionGroup var guidance: GuidanceOptions

        @Option(help: "Temperature of the images; 0 takes the most probable code.")
        var imageTemperature = AnswerOptions(seed: 0).images.temperature

        @Option(help: "Nucleus of the images.")
        var imageTopP = AnswerOptions(seed: 0).images.topP

        @OptionGroup var engine: EngineOptions

        func run() throws {
            let plan = try ReportPlan(contentsOf: plan)
            var drawing = AnswerOptions(seed: report.seed)
            drawing.images = Sampling(temperature: imageTemperature, topP: imageTopP)
            (drawing.guidance, drawing.alternateGuidance) = try guidance.guidances()
            try drawing.check()
            let options = ReportOptions(limit: report.limit, drawing: drawing)
            let folder = try report.folder(named: "dictionary")
            try engine.start()
            let data = try DictionaryBuilder().build()
            let result = try DictionaryReport.measure(plan, on: data, options)
            Console.print(result.table.text)
            for entry in result.missing {
                Console.report("not run: \(entry.label): there is no folder \(entry.folder)")
            }
            Console.report("wrote \(try result.write(to: folder, date: report.date))")
        }
    }
}

/// What both reports of the dictionary are told.
struct ReportCommandOptions: ParsableArguments {
    @Option(help: "The folder to write the report's folder, NAME-DATE, into.")
    var output = "benchmarks"

    @Option(help: "The day of the report, as 2024-05-31.")
    var date: String

    @Option(help: "Ask about so many of the held-out concepts only.")
    var limit: Int?

    @Option(help: "The seed of the images.")
    var seed: UInt64 = 0

    @Flag(help: "Replace a report of the same day.")
    var replace = false

    func validate() throws {
        if let limit, limit < 1 {
            throw ValidationError("--limit is \(limit); at least 1 is expected")
        }
    }

    /// Begins the report's folder, before the work.
    func folder(named name: String) throws -> OutputFolder {
        try DictionaryReport.folder(in: output, named: name, date: date, replacing: replace)
    }
}
