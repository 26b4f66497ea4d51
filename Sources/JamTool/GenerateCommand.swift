import ArgumentParser
import Basics
import Foundation
import Jam
import Tensors
import ToolSupport

struct GenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Answers prompts in words and images.",
        discussion: """
            EXAMPLES
              jam generate models/dictionary/answers --prompt "What is a cat?"
              jam generate MODEL --prompt "Draw a cat." --images 1 --output cat.html
              jam generate MODEL --prompt "What is this?" --image cat.png --json
              jam generate MODEL --prompt "Draw a cat." --prompt "Draw a dog."
              jam generate MODEL --image cat.png --region 0,0,64,32 --prompt "dog"
              jam generate MODEL --prompt "Draw a cat." --candidates 8 --clip CLIP
            """
    )

    @Argument(help: "A model folder or a GGUF file.")
    var model: String

    @Option(
        help: """
            What the user says, or for a model without a chat template, a text to continue; may be \
            repeated, for several answers at once.
            """
    )
    var prompt: [String] = []

    @Option(help: "A JSON file with a conversation to answer, or a document to continue.")
    var chat: String?

    @Option(help: "An image file that the user shows; may be repeated.")
    var image: [String] = []

    @Option(
        help:
            "Draw only these pixels of the image again, X,Y,WIDTH,HEIGHT; the prompt is its caption."
    )
    var region: String?

    @Option(help: "Also write FILE.html, FILE.md, FILE.json, FILE.png, or a folder of images.")
    var output: String?

    @OptionGroup var sampling: SamplingOptions
    @OptionGroup var seeding: SeedOptions
    @OptionGroup var clip: CLIPOptions

    @Option(
        help: "How many answers to generate; CLIP keeps the one whose images fit the prompt best."
    )
    var candidates = 1

    @OptionGroup var engine: EngineOptions

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard prompt.isEmpty != (chat == nil) else {
            throw ValidationError("one of --prompt and --chat is expected")
        }
        if chat != nil, !image.isEmpty {
            throw ValidationError("--image goes with --prompt; a --chat file has its own images")
        }
        guard (1...1000).contains(candidates) else {
            throw ValidationError("--candidates is \(candidates); 1 to 1000 is expected")
        }
        guard (candidates > 1 || clip.retrieve != nil) == (clip.clip != nil) else {
            throw ValidationError(
                "--candidates and --retrieve need --clip, and --clip needs one of them"
            )
        }
        if sampling.guidance.mix, prompt.count < 2, candidates < 2 {
            throw ValidationError("--mix needs several prompts or --candidates")
        }
        if region != nil, image.count != 1 {
            throw ValidationError("--region needs exactly one --image")
        }
        if region != nil, clip.retrieve != nil || sampling.changesText {
            throw ValidationError(
                "--region draws codes by one caption: --retrieve, --images, --image-size, "
                    + "--max-tokens, --temperature and --top-p do not go with it"
            )
        }
    }

    func run() async throws {
        let inpaintings = try inpaintings()
        var questions = try questions()
        let options = try sampling.options(seed: seeding.seed)
        let writer = try output.map { try AnswerWriter($0, answerCount: questions.count) }
        let terminal = try TerminalRenderer(.detected)
        try engine.start()
        let helper = try clip.opened()
        let model = try await Console.model(self.model, engine)
        if chat == nil, await !model.hasChatTemplate {
            questions = questions.map { Document($0.segments.map { Segment($0.content) }) }
        }
        let drawsImages = await model.drawsImages
        let draws = options.imageCount.upperBound > 0 && drawsImages
        guard candidates == 1 || !inpaintings.isEmpty || draws else {
            throw SettingError(
                .candidates,
                "\(candidates)",
                "1 if no images are drawn, by which CLIP would choose"
            )
        }
        let found = try helper?.found(for: questions) ?? []
        let retrieved = try helper?.documents(found) ?? []
        let task = AnswerTask(
            model: model,
            questions: questions,
            inpaintings: inpaintings,
            retrieved: retrieved,
            options: options,
            candidateCount: candidates
        )
        var answers = try await task.run(streaming: !json)
        if let helper, candidates > 1 {
            let words = inpaintings.isEmpty ? questions.map { $0.texts.last ?? "" } : prompt
            answers = try withTorchErrors { try helper.best(of: answers, for: words) }
        }
        for (found, answer) in zip(found, answers) {
            Console.report(found.sentence(taken: answer.retrievedCount))
        }
        try report(answers, to: questions, on: terminal, writer)
    }

    private func questions() throws -> [Document] {
        if let chat { return [try Document(contentsOfJSON: URL(filePath: chat))] }
        let images = try image.map {
            Segment.image(try Image(contentsOf: URL(filePath: $0)), role: .user)
        }
        return prompt.map { Document([.text($0, role: .user)] + images) }
    }

    /// What to inpaint; nothing without a region.
    private func inpaintings() throws -> [Inpainting] {
        guard let region else { return [] }
        guard let region = ImageRegion(parsing: region) else {
            throw SettingError(
                .region,
                region,
                "X,Y,WIDTH,HEIGHT in whole pixels of the image, the last two at least 1"
            )
        }
        let image = try Image(contentsOf: URL(filePath: image[0]))
        return prompt.map { Inpainting(image, region, caption: $0) }
    }

    private func report(
        _ answers: [Answer],
        to questions: [Document],
        on terminal: TerminalRenderer,
        _ writer: AnswerWriter?
    ) throws {
        if json {
            Console.print(answers.json.text(.indented))
        } else if answers.count == 1, candidates == 1 {
            Console.print("")
            Console.report(answers.summary)
        } else {
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
