import ArgumentParser
import Basics
import Generating
import PictureDictionary
import ToolSupport

struct BookReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "book-report",
        abstract: "Asks a model the questions of the book, and counts what is right.",
        discussion: """
            Questions are in wordings that no conversation trains, about things and drawings that \
            are held out and others.

            EXAMPLES
              picture-dictionary book-report runs/book/tuned/model --output a.json
              picture-dictionary book-report runs/book/image/model --parent --output a.json
            """
    )

    @Argument(help: "The folder of the model.")
    var model: String

    @Option(help: "The JSON file to write: a row for each kind of question, and all answers.")
    var output: String

    @Option(help: "The most questions of a kind, or with --parent, pictures of a group.")
    var limit = 100

    @Option(help: "The seed of the pictures.")
    var seed: UInt64 = 0

    @Option(help: "Classifier-free guidance of the pictures; 1 is none.")
    var guidance = Guidance.usualScale

    @Flag(help: "The model is an image parent: it captions pictures and draws by caption.")
    var parent = false

    @OptionGroup var drawings: DrawingOptions
    @OptionGroup var engine: EngineOptions

    func validate() throws {
        guard limit > 0 else {
            throw ValidationError("--limit is \(limit); at least 1 is expected")
        }
    }

    func run() throws {
        var options = AnswerOptions(seed: seed)
        options.guidance = .classifierFree(guidance)
        try options.check()
        let book = try PictureBook(drawings: drawings.sources)
        try engine.start()
        let progress = ProgressBar.handler()
        let (text, json): (String, JSON)
        if parent {
            let report = try ParentReport.measure(
                model,
                on: book,
                limit: limit,
                options,
                onProgress: progress
            )
            (text, json) = (report.text, report.json)
        } else {
            let report = try BookReport.measure(
                model,
                on: book,
                limit: limit,
                options,
                onProgress: progress
            )
            (text, json) = (report.text, report.json)
        }
        try AtomicFile.write(json.text(.indented) + "\n", to: output)
        Console.print(text)
        Console.report("wrote \(output)")
    }
}
