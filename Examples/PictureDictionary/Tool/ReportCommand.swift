import ArgumentParser
import Evaluating
import Generating
import PictureDictionary
import ToolSupport

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Measures models of the dictionary and writes tables, plots and drawings.",
        discussion: """
            EXAMPLES
              picture-dictionary report recipes/dictionary/report.yaml --date 2024-05-31
            """
    )

    @Argument(help: "A YAML or JSON file that names the models and the ablations.")
    var plan: String

    @OptionGroup var report: ReportCommandOptions

    @Option(help: "Classifier-free guidance of the images; 1 is none.")
    var guidance = Guidance.usualScale

    @Option(help: "Temperature of the images; 0 takes the most probable code.")
    var imageTemperature = AnswerOptions(seed: 0).images.temperature

    @Option(help: "Top-p (nucleus) of the images.")
    var imageTopP = AnswerOptions(seed: 0).images.topP

    @OptionGroup var engine: EngineOptions

    func run() throws {
        let plan = try ReportPlan(contentsOf: plan)
        let options = try ReportOptions(
            limit: report.limit,
            sampling: Sampling(temperature: imageTemperature, topP: imageTopP),
            guidance: .classifierFree(guidance),
            seed: report.seed
        )
        let folder = try report.folder(named: "dictionary")
        try engine.start()
        let result = try DictionaryReport.measure(
            plan,
            on: DictionaryData(),
            options,
            onProgress: ProgressBar.handler()
        )
        Console.print(result.table.text)
        Console.print(result.askedTable.text)
        for entry in result.missing {
            Console.report("not run: \(entry.label): there is no folder \(entry.folder)")
        }
        Console.report("wrote \(try result.files(date: report.date).write(to: folder))")
    }
}
