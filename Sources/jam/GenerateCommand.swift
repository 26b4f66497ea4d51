import ArgumentParser
import Basics
import Documents
import Foundation
import Generating
import Tensors

struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Answers prompts in words and pictures.",
        discussion: """
            EXAMPLES
              jam generate models/dictionary/answers --prompt "What is a cat?"
              jam generate models/dictionary/answers --prompt "Draw a cat." --images 1 --output cat.html
              jam generate models/dictionary/answers --prompt "What is this?" --image cat.png --json
              jam generate models/dictionary/answers --prompt "Draw a cat." --prompt "Draw a dog."
              jam generate models/dictionary/image --image cat.png --region 0,0,64,32 --prompt "dog"
            """
    )

    @Argument(help: "A model folder.")
    var model: String

    @Option(help: "What the user says; may be repeated, for several answers at once.")
    var prompt: [String] = []

    @Option(help: "A conversation or document as JSON to go on with.")
    var chat: String?

    @Option(help: "A picture that the user shows (PNG, JPEG or WebP); may be repeated.")
    var image: [String] = []

    @Option(
        help: "Draw these pixels of the picture anew, X,Y,WIDTH,HEIGHT; the prompt captions it."
    )
    var region: String?

    @Option(help: "Write FILE.html, FILE.md, FILE.json, FILE.png, or a folder of pictures, too.")
    var output: String?

    @OptionGroup var sampling: SamplingOptions
    @OptionGroup var engine: EngineOptions

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard prompt.isEmpty != (chat == nil) else {
            throw ValidationError("one of --prompt and --chat is expected")
        }
        if chat != nil, !image.isEmpty {
            throw ValidationError(
                "--image goes with --prompt; a --chat file holds its own pictures"
            )
        }
        if sampling.contrast.mix, prompt.count < 2 {
            throw ValidationError("--mix goes with several prompts, which take turns")
        }
        if region != nil, image.count != 1 {
            throw ValidationError("--region goes with one --image, which it is a part of")
        }
    }

    func run() throws {
        let questions = try questions()
        let repaintings = try repaintings()
        let options = try sampling.options()
        let writer = try output.map { try AnswerWriter($0, answerCount: questions.count) }
        try engine.start()
        let generator = try Generator.opened(model)
        let answers = try withTorchErrors {
            if !repaintings.isEmpty {
                return try answer(repaintings, options) {
                    try generator.repaint(batch: $0, $1, onEvent: $2)
                }
            }
            return try answer(questions, options) {
                try generator.generate(batch: $0, $1, onEvent: $2)
            }
        }
        try report(answers, to: questions, writer)
    }

    /// How many answers are made side by side: enough for speed, little in memory.
    private static let batchSize = 8

    /// Answers one question as its words come, several a batch after the other; the seed of the
    /// answer number i is the first one plus i.
    private func answer<Question>(
        _ questions: [Question],
        _ options: GenerationOptions,
        _ generate: (
            [Question], GenerationOptions, @escaping (Int, GenerationEvent) -> Void
        ) throws -> [Generated]
    ) throws -> [Generated] {
        guard questions.count > 1 else {
            let terminal = TerminalRenderer(.detected)
            let streams = !json
            return try generate(questions, options) { _, event in
                if streams { Console.show(event, in: terminal) }
            }
        }
        let progress = Progress("answering", total: questions.count, unit: "questions")
        var answers: [Generated] = []
        while answers.count < questions.count {
            let batch = questions.dropFirst(answers.count).prefix(Self.batchSize)
            let next = try sampling.options(seed: options.seed &+ UInt64(answers.count))
            answers += try generate(Array(batch), next) { _, _ in }
            progress.advance(to: answers.count)
        }
        progress.finish(at: answers.count)
        return answers
    }

    private func questions() throws -> [Document] {
        if let chat { return [try Document(contentsOfJSON: URL(filePath: chat))] }
        let pictures = try image.map {
            Segment.picture(try Picture(contentsOf: URL(filePath: $0)), speaker: .user)
        }
        return prompt.map { Document([.text($0, speaker: .user)] + pictures) }
    }

    /// What is to be drawn anew; nothing without a region.
    private func repaintings() throws -> [Repainting] {
        guard let region else { return [] }
        guard let region = PictureRegion(parsing: region) else {
            throw OptionError(
                flag: "--region",
                value: region,
                allowed: "X,Y,WIDTH,HEIGHT in pixels of the picture, all whole numbers"
            )
        }
        let picture = try Picture(contentsOf: URL(filePath: image[0]))
        return try prompt.map { try Repainting(picture, region, caption: $0) }
    }

    private func report(
        _ answers: [Generated],
        to questions: [Document],
        _ writer: AnswerWriter?
    ) throws {
        if json {
            Console.print(answers.json.text(.indented))
        } else if answers.count == 1 {
            Console.print("")
            Console.report(answers.summary)
        } else {
            let terminal = TerminalRenderer(.detected)
            for (question, answer) in zip(questions, answers) {
                Console.print(
                    terminal.render(Document(question.segments + answer.document.segments))
                )
            }
            Console.report(answers.summary)
        }
        if let writer {
            try writer.write(answers, to: questions)
            Console.report("wrote \(writer.path)")
        }
    }
}

/// How an answer is sampled.
struct SamplingOptions: ParsableArguments {
    @Option(help: "Temperature of the text; 0 takes the likeliest token.")
    var temperature = Sampling.usualForText.temperature

    @Option(
        help: "Nucleus of the text: sample among the likeliest tokens of this much probability."
    )
    var topP = Sampling.usualForText.topP

    @Option(help: "Temperature of the pictures; 0 takes the likeliest code.")
    var imageTemperature = Sampling.usualForPictures.temperature

    @Option(help: "Nucleus of the pictures.")
    var imageTopP = Sampling.usualForPictures.topP

    @OptionGroup var contrast: ContrastOptions

    @Option(help: "How many pictures the answer may have: MIN..MAX, or a number.")
    var images = "0..4"

    @Option(help: "The most text tokens of the answer.")
    var maxTokens = GenerationOptions.usualTextTokenLimit

    @Option(help: "The seed: the same seed gives the same answer.")
    var seed: UInt64?

    /// The checked settings, with a seed of the caller's, of the user's, or a random one.
    func options(seed chosen: UInt64? = nil) throws -> GenerationOptions {
        try GenerationOptions(
            text: Sampling(temperature: temperature, topP: topP),
            pictures: Sampling(temperature: imageTemperature, topP: imageTopP),
            contrasts: contrast.contrasts(),
            pictureCount: PictureCount(parsing: images),
            maximumTextTokens: maxTokens,
            seed: chosen ?? seed ?? UInt64.random(in: 0...UInt64(UInt32.max))
        )
    }
}

/// What pictures are compared with while they are drawn.
struct ContrastOptions: ParsableArguments {
    @Option(help: "Classifier-free guidance of the pictures; 1 is none.")
    var guidance = 2.0

    @Option(help: "Guidance by the prompt's pictures too, for editing them.")
    var imageGuidance: Double?

    @Option(help: "Contrastive decoding of the pictures in place of guidance, as K,ALPHA.")
    var contrastive: String?

    @Flag(help: "Draw every second answer with guidance, and only the others by --contrastive.")
    var mix = false

    func validate() throws {
        guard imageGuidance == nil || contrastive == nil else {
            throw ValidationError("--image-guidance and --contrastive exclude each other")
        }
        guard !mix || contrastive != nil else {
            throw ValidationError("--mix goes with --contrastive")
        }
    }

    /// The contrasts that the answers of a batch take in turn.
    func contrasts() throws -> [Contrast] {
        if let contrastive {
            let contrastive = try Contrast(parsingContrastive: contrastive)
            return mix ? [.guidance(guidance), contrastive] : [contrastive]
        }
        return [imageGuidance.map { .editing(text: guidance, picture: $0) } ?? .guidance(guidance)]
    }
}

/// Where answers go, by the ending of the name; checked before the work begins.
struct AnswerWriter {
    private enum Format {
        case html, markdown, json, png, folder
    }

    let path: String
    private let format: Format

    init(_ path: String, answerCount: Int) throws {
        self.path = path
        let url = URL(filePath: path)
        switch url.pathExtension.lowercased() {
        case "html": format = .html
        case "md": format = .markdown
        case "json": format = .json
        case "png":
            guard answerCount == 1 else {
                throw ValidationError("--output \(path) holds one picture; name a folder instead")
            }
            format = .png
        case "": format = .folder
        case let other:
            throw ValidationError(
                "--output ends in .\(other); .html, .md, .json, .png or a folder is expected"
            )
        }
        if format == .folder { _ = try OutputFolder(at: path) }
        let parent = url.deletingLastPathComponent().path
        guard FileManager.default.isWritableFile(atPath: parent.isEmpty ? "." : parent) else {
            throw FileError.cannotCreate(path: path, reason: "its folder cannot be written")
        }
    }

    func write(_ answers: [Generated], to questions: [Document]) throws {
        let conversations = zip(questions, answers).map {
            Document($0.segments + $1.document.segments)
        }
        switch format {
        case .html:
            let page = HTMLRenderer().render(
                conversations,
                title: "jam",
                subtitle: answers.summary
            )
            try AtomicFile.write(page, to: path)
        case .json: try AtomicFile.write(answers.json.text(.indented) + "\n", to: path)
        case .markdown:
            let texts = conversations.map { MarkdownRenderer().render($0).text }
            try AtomicFile.write(texts.joined(separator: "\n---\n\n"), to: path)
        case .png:
            guard let picture = answers[0].document.pictures.first else {
                throw AnswerError.noPicture(path: path)
            }
            try Self.write(picture, answers[0], to: path)
        case .folder:
            let folder = try OutputFolder(at: path)
            let pictures = answers.flatMap { answer in
                answer.document.pictures.map { (answer, $0) }
            }
            for (index, (answer, picture)) in pictures.enumerated() {
                try Self.write(picture, answer, to: folder.file("\(index).png"))
            }
            try AtomicFile.write(
                answers.json.text(.indented) + "\n",
                to: folder.file("answers.json")
            )
            try folder.commit()
        }
    }

    private static func write(_ picture: Picture, _ answer: Generated, to path: String) throws {
        let bytes = picture.png(comments: [("Software", "jam"), ("seed", "\(answer.seed)")])
        try AtomicFile.write(bytes, to: path)
    }
}

/// Why an answer cannot be written in the form that was asked for.
enum AnswerError: UserError {
    case noPicture(path: String)

    var exitCode: Basics.ExitCode { .data }

    var description: String {
        switch self {
        case .noPicture(let path):
            "the answer has no picture for \(path); ask for one by --images 1"
        }
    }
}

extension [Generated] {
    /// What they took, in one line.
    var summary: String {
        if count == 1 { return self[0].summary }
        let text = reduce(0) { $0 + $1.counts.text }
        let image = reduce(0) { $0 + $1.counts.image }
        return "\(count) answers of \(text) text tokens and \(image) image codes, "
            + "seeds \(self[0].seed) to \(self[count - 1].seed)"
    }

    /// One answer as an object, several as `{"answers": […]}`.
    var json: JSON { count == 1 ? self[0].json : ["answers": .array(map(\.json))] }
}

extension Generated {
    /// What it took, in one line.
    var summary: String {
        let pace = seconds > 0 ? Double(counts.text + counts.image) / seconds : 0
        return String(
            format:
                "%d text tokens and %d image codes in %.1f s (%.0f tokens/s), seed %llu, ended by %@",
            counts.text,
            counts.image,
            seconds,
            pace,
            seed,
            finishReason.rawValue
        )
    }

    /// The answer as `jam generate --json` prints it.
    var json: JSON {
        var codes = codes[...]
        let segments = document.segments.map { segment -> JSON in
            var object = segment.json
            object["speaker"] = nil
            if case .picture = segment.content, let own = codes.popFirst() {
                object["codes"] = .array(own.map(JSON.integer))
            }
            return .object(object)
        }
        return [
            "segments": .array(segments),
            "finish_reason": .string(finishReason.rawValue),
            "seed": seed <= UInt64(Int.max) ? .integer(Int(seed)) : .string("\(seed)"),
            "tokens": [
                "prompt": .integer(counts.prompt), "text": .integer(counts.text),
                "image": .integer(counts.image),
            ],
            "seconds": .number(seconds),
        ]
    }
}

extension TerminalCapabilities {
    /// What the terminal at standard output can show.
    static var detected: TerminalCapabilities {
        detect(
            environment: ProcessInfo.processInfo.environment,
            isTerminal: isatty(STDOUT_FILENO) != 0,
            columns: TerminalSize.columns
        )
    }
}

/// The size of the terminal.
enum TerminalSize {
    /// Characters in a line; 80 where nobody knows.
    static var columns: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
