import ArgumentParser
import Basics
import PictureDictionary
import ToolSupport

struct AskLLMCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask-llm",
        abstract:
            "Lets an LLM itself answer what conversations will ask, for picture-dictionary book.",
        discussion: """
            A model that is tuned on its own words keeps them.

            EXAMPLES
              picture-dictionary ask-llm llm.gguf --output runs/book/answers.jsonl
            """
    )

    @Argument(help: "The folder or the GGUF file of the LLM.")
    var model: String

    @Option(help: "The JSON Lines file to write.")
    var output: String

    @Flag(
        help: """
            Ask only what has nothing to do with things: minutes less. WordNet explains things, and \
            nobody asks about them after an image.
            """
    )
    var talk = false

    @OptionGroup var drawings: DrawingOptions
    @OptionGroup var engine: EngineOptions

    func run() throws {
        let book = try PictureBook(drawings: drawings.sources)
        var questions = talk ? book.talkQuestions : book.llmQuestions
        try engine.start()
        var answers = try LLMAnswers.ask(questions, of: model, onProgress: ProgressBar.handler())
        if !talk {
            let second = book.llmQuestions(after: answers)
            answers.merge(
                try LLMAnswers.ask(second, of: model, onProgress: ProgressBar.handler())
            ) { first, _ in first }
            questions += second
        }
        try LLMAnswers.write(answers, to: questions, path: output)
        Console.report("wrote \(output): \(answers.count) answers to \(questions.count) questions")
    }
}
