import ArgumentParser
import Basics
import Foundation
import Jam
import ToolSupport

struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: "Holds a conversation in the terminal, images inline.",
        discussion: """
            Each line is a message to the model. `/image FILE` shows it an image along with your next \
            message, `/new` starts over, `/save FILE.html` saves the conversation; an empty line or \
            Ctrl-D ends.
            """
    )

    @Argument(help: "A model folder or a GGUF file.")
    var model: String

    @OptionGroup var sampling: SamplingOptions
    @OptionGroup var engine: EngineOptions

    func run() async throws {
        var options = try sampling.options()
        try engine.start()
        let model = try await Console.model(self.model, engine)
        var conversation = Document()
        var shown: [Segment] = []
        while let line = ask(), !line.isEmpty {
            do {
                if line == "/new" {
                    (conversation, shown) = (Document(), [])
                } else if let file = argument(of: "/image", in: line) {
                    let image = try Image(contentsOf: URL(filePath: file))
                    shown.append(.image(image, role: .user))
                } else if let file = argument(of: "/save", in: line) {
                    try AtomicFile.write(
                        HTMLRenderer().render([conversation], title: "jam"),
                        to: file
                    )
                    Console.report("wrote \(file)")
                } else {
                    let question = shown + [.text(line, role: .user)]
                    let answer = try await Console.show(
                        model.answer(Document(conversation.segments + question), options: options)
                    )
                    Console.print("")
                    conversation.segments += question + answer.document.segments
                    shown = []
                    options.seed = answer.seed &+ 1
                }
            } catch let error as JamError {
                // A conversation goes on after a mistake.
                Console.report("error: \(error)")
            } catch let error as any UserError {
                Console.report("error: \(error.line)")
            }
        }
    }

    private func ask() -> String? {
        Console.stream("> ")
        return readLine()
    }

    private func argument(of command: String, in line: String) -> String? {
        guard line.hasPrefix(command + " ") else { return nil }
        return String(line.dropFirst(command.count + 1))
    }
}
