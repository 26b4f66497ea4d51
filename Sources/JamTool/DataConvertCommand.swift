import ArgumentParser
import Basics
import Documents
import Foundation
import ToolSupport

struct DataConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Converts training data of other programs into a shard.",
        discussion: """
            Known are ShareGPT and LLaVA ("conversations"), OpenAI's and Hugging Face's "messages", \
            Alpaca ("instruction" and "output"), pairs such as "prompt" and "completion", the \
            metadata.jsonl of an ImageFolder, and "text". What is recognized and what is left alone \
            is told. Images are not changed: an archive has their bytes, JSON Lines name their files.

            EXAMPLES
              jam data convert alpaca_data.json --output alpaca.jsonl
              jam data convert llava.json --images coco/train2017 --output llava.tar
            """
    )

    @Argument(help: "JSON arrays or JSON Lines, plain or compressed.")
    var files: [String]

    @Option(help: "The shard to write: FILE.tar or FILE.jsonl.")
    var output: String

    @Option(help: "The folder that the names of images start from; by default each file's own.")
    var images: String?

    @OptionGroup var badDocuments: BadDocumentOptions

    func validate() throws {
        let written = URL(filePath: output).resolvingSymlinksInPath().path
        guard
            !files.contains(where: { URL(filePath: $0).resolvingSymlinksInPath().path == written })
        else { throw ValidationError("--output \(output): is one of the files to convert") }
        guard ["tar", "jsonl"].contains(URL(filePath: output).pathExtension) else {
            throw ValidationError(
                "--output \(output): a name that ends in .tar or .jsonl is expected"
            )
        }
    }

    func run() throws {
        let conversion = DataConversion(
            to: URL(filePath: output),
            images: images.map { URL(filePath: $0) },
            limit: badDocuments.limit
        )
        let progress = ProgressBar("converting", total: nil, unit: "documents")
        let report = try conversion.convert(
            files,
            onDocument: { progress.advance(to: $0) },
            onRemark: Console.report
        )
        progress.finish(at: report.documents)
        func list(_ counts: [(name: String, count: Int)]) -> String {
            counts.map { "\($0.count) × \($0.name)" }.joined(separator: ", ")
        }
        Console.report("recognized: \(list(report.formats))")
        if !report.leftAlone.isEmpty { Console.report("left alone: \(list(report.leftAlone))") }
        if report.bad > 0 { Console.report("passed over: \(report.bad.of("bad document"))") }
        Console.report(
            "wrote \(output): \(report.documents.of("document")), \(report.images.of("image")); "
                + "next: jam data check \(output)"
        )
    }
}
