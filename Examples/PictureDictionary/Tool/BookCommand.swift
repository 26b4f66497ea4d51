import ArgumentParser
import Basics
import PictureDictionary
import ToolSupport

struct BookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "book",
        abstract:
            "Builds the data for a real LLM: things with several drawings, and conversations.",
        discussion: """
            EXAMPLES
              picture-dictionary book --answers answers.jsonl --output data
              picture-dictionary book --output data
            """
    )

    @Option(help: "The folder to write.")
    var output: String

    @Option(help: "The random seed.")
    var seed: UInt64 = 0

    @Option(help: "How often the captions show each drawing.")
    var rounds = 40

    @Option(help: "The number of conversations; a fifth goes on in the LLM's words after an image.")
    var conversations = 20_000

    @Option(
        help: "What the LLM itself says, from ask-llm; without, it says nothing after images."
    )
    var answers: String?

    @OptionGroup var drawings: DrawingOptions

    func validate() throws {
        guard rounds > 0, conversations > 0 else {
            throw ValidationError("--rounds and --conversations are at least 1")
        }
    }

    func run() throws {
        // Started first, so that a bad path costs no time.
        let folder = try OutputFolder(at: output)
        let book = try PictureBook(
            drawings: drawings.sources,
            seed: seed,
            captionRounds: rounds,
            conversationCount: conversations,
            llmAnswers: answers.map(LLMAnswers.read) ?? [:]
        )
        try book.write(into: folder, onProgress: ProgressBar.handler())
        Console.report("wrote \(output): \(book.summary)")
        if let missing = book.missingAnswers { Console.report(missing) }
    }
}
