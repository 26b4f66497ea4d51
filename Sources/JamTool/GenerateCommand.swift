import ArgumentParser
import Basics
import Documents
import Foundation
import Generating
import Tensors
import Terminal
import ToolSupport

struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Answers prompts in words and images.",
        discussion: """
            EXAMPLES
              jam generate models/dictionary/answers --prompt "What is a cat?"
              jam generate models/dictionary/answers --prompt "Draw a cat." --images 1 --output cat.html
              jam generate models/dictionary/answers --prompt "What is this?" --image cat.png --json
              jam generate models/dictionary/answers --prompt "Draw a cat." --prompt "Draw a dog."
              jam generate models/dictionary/image --image cat.png --region 0,0,64,32 --prompt "dog"
              jam generate models/dictionary/answers --prompt "Draw a cat." --candidates 8 \
                --clip models/dictionary/clip
            """
    )

    @Argument(help: "A model folder.")
    var model: String

    @Option(help: "What the user says; may be repeated, for several answers at once.")
    var prompt: [String] = []

    @Option(help: "A conversation or document as JSON to go on with.")
    var chat: String?

    @Option(help: "An image that the user shows (PNG, JPEG or WebP); may be repeated.")
    var image: [String] = []

    @Option(
        help: "Draw these pixels of the image anew, X,Y,WIDTH,HEIGHT; the prompt captions it."
    )
    var region: String?

    @Option(help: "Write FILE.html, FILE.md, FILE.json, FILE.png, or a folder of images, too.")
    var output: String?

    @OptionGroup var sampling: SamplingOptions
    @OptionGroup var clip: CLIPOptions
    @OptionGroup var engine: EngineOptions

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard prompt.isEmpty != (chat == nil) else {
            throw ValidationError("one of --prompt and --chat is expected")
        }
        if chat != nil, !image.isEmpty {
            throw ValidationError(
                "--image goes with --prompt; a --chat file holds its own images"
            )
        }
        if sampling.contrast.mix, prompt.count < 2, clip.candidates < 2 {
            throw ValidationError(
                "--mix goes with several prompts or --candidates, which take turns"
            )
        }
        if region != nil, image.count != 1 {
            throw ValidationError("--region goes with one --image, which it is a part of")
        }
        if region != nil, clip.retrieve != nil || sampling.changesText {
            throw ValidationError(
                "--region draws codes by one caption: --retrieve, --images, --max-tokens, "
                    + "--temperature and --top-p do not go with it"
            )
        }
    }

    func run() throws {
        let questions = try questions()
        let inpaintings = try inpaintings()
        let options = try sampling.options()
        let writer = try output.map { try AnswerWriter($0, answerCount: questions.count) }
        try engine.start()
        let helper = try clip.opened()
        let generator = try Generator.opened(model)
        let draws = options.imageCount.maximum > 0 && generator.draws
        guard clip.candidates == 1 || !inpaintings.isEmpty || draws else {
            throw OptionError(
                flag: "--candidates",
                value: "\(clip.candidates)",
                allowed: "1 where no images are drawn, by which CLIP would choose"
            )
        }
        let found = try helper?.found(for: questions) ?? []
        let answers = try withTorchErrors {
            if !inpaintings.isEmpty {
                let words = inpaintings.map(\.caption)
                return try answer(inpaintings, by: words, helper, options) {
                    (inpaintings, _, options, onEvent) in
                    try generator.inpaint(batch: inpaintings, options, onEvent: onEvent)
                }
            }
            let retrieved = try helper?.documents(found) ?? []
            let words = questions.map { $0.texts.last ?? "" }
            return try answer(questions, by: words, helper, options) {
                (questions, places, options, onEvent) in
                try generator.generate(
                    batch: questions,
                    behind: retrieved.isEmpty ? [] : places.map { retrieved[$0] },
                    options,
                    onEvent: onEvent
                )
            }
        }
        for (found, answer) in zip(found, answers) {
            Console.report(found.sentence(taken: answer.documentCount))
        }
        try report(answers, to: questions, writer)
    }

    /// How many answers are made side by side: enough for speed, little in memory.
    private static let batchSize = 8

    /// Answers one question as its words come, several a batch after the other.
    ///
    /// The seed of the answer number i is the first one plus i. Of several candidates for a question,
    /// the one is kept whose images fit the words best.
    private func answer<Question>(
        _ questions: [Question],
        by words: [String],
        _ helper: CLIPHelper?,
        _ options: GenerationOptions,
        _ generate: (
            [Question], [Int], GenerationOptions, @escaping (Int, GenerationEvent) -> Void
        ) throws -> [Generated]
    ) throws -> [Generated] {
        let places = questions.indices.flatMap { Array(repeating: $0, count: clip.candidates) }
        guard places.count > 1 else {
            let terminal = TerminalRenderer(.detected)
            let streams = !json
            return try generate(questions, places, options) { _, event in
                if streams { Console.show(event, in: terminal) }
            }
        }
        let progress = ProgressBar("answering", total: places.count, unit: "answers")
        var answers: [Generated] = []
        while answers.count < places.count {
            let batch = Array(places.dropFirst(answers.count).prefix(Self.batchSize))
            let next = try sampling.options(seed: options.seed &+ UInt64(answers.count))
            answers += try generate(batch.map { questions[$0] }, batch, next) { _, _ in }
            progress.advance(to: answers.count)
        }
        progress.finish(at: answers.count)
        guard let helper, clip.candidates > 1 else { return answers }
        return try questions.indices.map { index in
            let candidates = answers[index * clip.candidates..<(index + 1) * clip.candidates]
            return try helper.embedder.best(of: candidates, for: words[index])
        }
    }

    private func questions() throws -> [Document] {
        if let chat { return [try Document(contentsOfJSON: URL(filePath: chat))] }
        let images = try image.map {
            Segment.image(try Image(contentsOf: URL(filePath: $0)), role: .user)
        }
        return prompt.map { Document([.text($0, role: .user)] + images) }
    }

    /// What is to be drawn anew; nothing without a region.
    private func inpaintings() throws -> [Inpainting] {
        guard let region else { return [] }
        guard let region = ImageRegion(parsing: region) else {
            throw OptionError(
                flag: "--region",
                value: region,
                allowed: "X,Y,WIDTH,HEIGHT in whole pixels of the image, the last two at least 1"
            )
        }
        let image = try Image(contentsOf: URL(filePath: image[0]))
        return try prompt.map { try Inpainting(image, region, caption: $0) }
    }

    private func report(
        _ answers: [Generated],
        to questions: [Document],
        _ writer: AnswerWriter?
    ) throws {
        if json {
            Console.print(answers.json.text(.indented))
        } else if answers.count == 1, clip.candidates == 1 {
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
