import ArgumentParser
import Basics
import Documents
import Foundation
import Generating
import Tensors
import ToolSupport

struct ChatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: "Talks with a model in the terminal, images shown inline.",
        discussion: """
            A line is what you say. `/image FILE` shows the model an image together with your next \
            line, `/new` forgets the conversation, `/save FILE.html` keeps it, an empty line or \
            Ctrl-D ends it.
            """
    )

    @Argument(help: "A model folder.")
    var model: String

    @OptionGroup var sampling: SamplingOptions
    @OptionGroup var engine: EngineOptions

    func run() throws {
        var options = try sampling.options()
        try engine.start()
        let generator = try Generator.opened(model)
        let terminal = TerminalRenderer(.detected)
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
                    let answer = try withTorchErrors {
                        try generator.generate(
                            Document(conversation.segments + question),
                            options
                        ) { Console.show($0, in: terminal) }
                    }
                    Console.print("")
                    conversation.segments += question + answer.document.segments
                    shown = []
                    options = try sampling.options(seed: answer.seed &+ 1)
                }
            } catch let error as any UserError {
                // A conversation goes on after a mistake.
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
