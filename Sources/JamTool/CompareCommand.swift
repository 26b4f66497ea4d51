import ArgumentParser
import Basics
import Checkpoints
import Documents
import Foundation
import Jam
import ToolSupport

struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Asks several models the same, and puts their answers side by side on a page.",
        discussion: """
            A model can also be a file of recorded answers, as jam generate --output ANSWERS.json \
            writes it.

            EXAMPLES
              jam compare MODEL OTHER --prompt "What is a volcano?" --output page.html
              jam compare A B --questions questions.jsonl --blind --output compared.html
            """
    )

    @Argument(help: "Model folders, GGUF files, or JSON files of recorded answers.")
    var models: [String]

    @Option(help: "What the user says; may be repeated.")
    var prompt: [String] = []

    @Option(
        help: """
            A JSON Lines file or a WebDataset tar archive of questions; of conversations, all but the \
            last answer.
            """
    )
    var questions: String?

    @Option(help: "How many questions to ask; all by default.")
    var limit: Int?

    @Flag(
        help: """
            Hide whose answers they are, and mix them anew for each question; the page gets a second \
            file, FILE.key.json, that says it.
            """
    )
    var blind = false

    @Option(help: "The page to write, FILE.html.")
    var output: String

    @OptionGroup var sampling: SamplingOptions
    @OptionGroup var seeding: SeedOptions
    @OptionGroup var engine: EngineOptions

    func validate() throws {
        guard models.count > 1 else {
            throw ValidationError("at least two models are expected")
        }
        guard prompt.isEmpty != (questions == nil) else {
            throw ValidationError("one of --prompt and --questions is expected")
        }
        guard limit ?? 1 >= 1 else {
            throw ValidationError("--limit is \(limit ?? 0); at least 1 is expected")
        }
        guard output.lowercased().hasSuffix(".html") else {
            throw ValidationError("--output is \(output); a name that ends in .html is expected")
        }
    }

    func run() async throws {
        let asked = try askedQuestions()
        let options = try sampling.options(seed: seeding.seed)
        // What is wrong with a file or a folder is said before models answer for minutes.
        _ = try AtomicFile(output)
        if blind { _ = try AtomicFile(keyFile) }
        var recorded: [String: [Document]] = [:]
        for file in models {
            if RecordedAnswers.isFile(file) {
                recorded[file] = try RecordedAnswers.read(file, count: asked.count)
            } else {
                _ = try CheckpointFolder(file)
            }
        }
        try engine.start()
        var answers: [[Document]] = []
        for folder in models {
            if let known = recorded[folder] {
                answers.append(known)
            } else {
                answers.append(try await answer(asked, by: folder, options))
            }
        }
        try write(asked, answers, seed: options.seed)
    }

    /// Where a blind page's key is written.
    private var keyFile: String { output.dropLast(".html".count) + ".key.json" }

    private func askedQuestions() throws -> [Document] {
        guard let questions else {
            return prompt.prefix(limit ?? .max).map { Document([.text($0, role: .user)]) }
        }
        let documents = try DocumentShard(contentsOf: URL(filePath: questions)).documents()
        var asked: [Document] = []
        while asked.count < limit ?? .max, let document = try documents.next() {
            asked.append(document.withoutLastAnswer)
        }
        guard !asked.isEmpty else {
            throw ValidationError("\(questions): there are no documents")
        }
        return asked
    }

    /// The answers of one model, which is closed before the next is opened.
    private func answer(
        _ questions: [Document],
        by folder: String,
        _ options: AnswerOptions
    ) async throws -> [Document] {
        let model = try await Console.model(folder, engine)
        let converses = await model.hasChatTemplate
        let task = AnswerTask(
            model: model,
            questions: converses
                ? questions : questions.map { Document($0.segments.map { Segment($0.content) }) },
            inpaintings: [],
            retrieved: [],
            options: options,
            candidateCount: 1
        )
        Console.report("asking \(folder)")
        return try await task.run(streaming: false).map(\.document)
    }

    private func write(_ questions: [Document], _ answers: [[Document]], seed: UInt64) throws {
        var key: [JSON] = []
        let rows = questions.indices.map { row -> Comparison.Row in
            var order = Array(models.indices)
            if blind {
                var random = SeededGenerator(seed: seed, UInt64(row))
                order.shuffle(using: &random)
            }
            let labels = blind ? order.indices.map(Comparison.letter) : models
            key.append(
                .object(
                    order.enumerated().reduce(into: JSON.Object()) { names, entry in
                        names[labels[entry.offset]] = .string(models[entry.element])
                    }
                )
            )
            return Comparison.Row(
                question: questions[row],
                answers: order.enumerated().map { (labels[$0], answers[$1][row]) }
            )
        }
        let page = HTMLRenderer().render(
            Comparison(rows: rows),
            title: "\(models.count) models, side by side",
            subtitle: "\(rows.count) questions, seed \(seed)"
        )
        try AtomicFile.write(page, to: output)
        if blind {
            let json: JSON = ["questions": .array(key)]
            try AtomicFile.write(json.text(.indented) + "\n", to: keyFile)
            Console.report("wrote \(output), and whose answers they are to \(keyFile)")
        } else {
            Console.report("wrote \(output)")
        }
    }
}

/// Answers that were written to a file, with any program.
private enum RecordedAnswers {
    static func isFile(_ path: String) -> Bool { path.lowercased().hasSuffix(".json") }

    /// Reads `{"answers": [{"segments": …}, …]}`, or one answer as an object.
    static func read(_ path: String, count: Int) throws -> [Document] {
        let json = try MappedFile(path).json()
        var elements = [json]
        if case .object(let object) = json, case .array(let answers)? = object["answers"] {
            elements = answers
        }
        guard elements.count == count else {
            throw RecordError(path: path, found: elements.count, expected: count)
        }
        return try elements.map { try Document(jsonString: $0.text()) }
    }
}

/// A file of recorded answers is not to these questions.
private struct RecordError: UserError {
    let path: String
    let found: Int
    let expected: Int

    var kind: ErrorKind { .malformedInput }

    var description: String {
        "\(path): has \(found) answers, and \(expected) questions are asked; record the answers to "
            + "the same questions"
    }
}

extension Document {
    /// Everything before the last turn, if that is the assistant's.
    fileprivate var withoutLastAnswer: Document {
        let end = segments.lastIndex { $0.role != .assistant }.map { $0 + 1 }
        return Document(Array(segments[..<(end ?? segments.endIndex)]))
    }
}
