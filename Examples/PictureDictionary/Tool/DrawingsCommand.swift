import ArgumentParser
import Checkpoints
import Evaluating
import PictureDictionary
import ToolSupport

struct DrawingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drawings",
        abstract: "Measures one model of the dictionary under many sampling settings.",
        discussion: """
            EXAMPLES
              picture-dictionary drawings models/dictionary/image --date 2024-05-31
            """
    )

    @Argument(help: "The folder of the image parent.")
    var model: String

    @Option(help: "A CLIP folder, which reranks candidates.")
    var clip: String?

    @Option(help: "The folder of a model trained with retrieval; needs --clip and --retrieve.")
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
        let options = try ReportOptions(limit: report.limit, seed: report.seed)
        let folder = try report.folder(named: "drawings")
        try engine.start()
        for model in [model, recalling].compactMap({ $0 }) {
            Console.warn(of: try CheckpointFolder(model))
        }
        let result = try DrawingReport.measure(
            model,
            clip: clip,
            recalling: recalling,
            bank: retrieve,
            on: DictionaryData(),
            options,
            onProgress: ProgressBar.handler()
        )
        Console.print(result.table.text)
        Console.report("wrote \(try result.files(date: report.date).write(to: folder))")
    }
}
