import ArgumentParser
import Basics
import Checkpoints
import Evaluating
import Foundation
import Jam
import ToolSupport
import Training

struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract:
            "Measures loss and perplexity of models on documents, text and image codes apart.",
        discussion: """
            EXAMPLES
              jam evaluate models/dictionary/answers data/questions.tar --limit 100
              jam evaluate fused data/text.jsonl --against models/dictionary/text
            """
    )

    @Argument(help: "A model folder or a GGUF file.")
    var model: String

    @Argument(help: "JSON Lines files or WebDataset tar archives.")
    var shards: [String]

    @Option(help: "Another model to measure on the same documents; may be repeated.")
    var against: [String] = []

    @Option(help: "How many documents to use; all by default.")
    var limit: Int?

    @OptionGroup var badDocuments: BadDocumentOptions

    @OptionGroup var engine: EngineOptions

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard !shards.isEmpty else { throw ValidationError("a shard is expected after the model") }
        if let limit, limit < 1 {
            throw ValidationError("--limit is \(limit); at least 1 is expected")
        }
    }

    func run() async throws {
        let documents = try documents()
        // What is wrong with the last model is said before the first is measured.
        for folder in against { _ = try CheckpointFolder(folder) }
        try engine.start()
        var table = ResultTable(
            "model",
            [
                .init("text_perplexity", "perplexity of the text", .decimal(2)),
                .init("text_loss", "loss a text token", .decimal(3)),
                .init("image_loss", "loss an image code", .decimal(3)),
                .init("loss", "loss a token", .decimal(3)),
            ]
        )
        for folder in [model] + against {
            let report = try await evaluate(folder, on: documents)
            let values = [report.textPerplexity, report.textLoss, report.imageLoss, report.loss]
            table.append(.init(folder, values))
        }
        Console.print(json ? table.json.text(.indented) : table.text)
    }

    private func documents() throws -> [Document] {
        let reader = badDocuments.reader(of: shards)
        var documents: [Document] = []
        while documents.count < limit ?? .max, let (document, _) = try reader.next() {
            documents.append(document)
        }
        try reader.finish()
        guard !documents.isEmpty else {
            throw DataError.empty(source: shards.joined(separator: ", "))
        }
        return documents
    }

    /// Measures in parts, so that a bar can show how far it is.
    private func evaluate(_ folder: String, on documents: [Document]) async throws -> Evaluation {
        let model = try await Console.model(folder, engine)
        let progress = ProgressBar("measuring \(folder)", total: documents.count, unit: "documents")
        var sum = Evaluation()
        for start in stride(from: 0, to: documents.count, by: 64) {
            let part = documents[start..<min(start + 64, documents.count)]
            sum.add(try await model.evaluate(Array(part)))
            progress.advance(to: start + part.count)
        }
        progress.finish(at: documents.count)
        return sum
    }
}
