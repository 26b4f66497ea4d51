import ArgumentParser
import Basics
import Documents
import Foundation
import Jam
import ToolSupport

struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: "Holds a conversation in the terminal, images inline.",
        discussion: """
            Each line is a message to the model, written as the model's chat template says. Where the \
            conversation outgrows the model's context, its oldest questions are left out.

            In a terminal a message can be edited: cursor keys, Home, End, Ctrl-A, E, K, U, W and Y; \
            up and down bring earlier messages, which are kept in ~/.local/state/jam/history (or \
            $XDG_STATE_HOME); Tab completes commands and paths; Alt-Enter begins a new line. Pasted \
            lines are one message.

            Images are shown by what the terminal can do: kitty's graphics, iTerm2's, sixel, or half \
            blocks; JAM_IMAGES=kitty|iterm|sixel|blocks|none in the environment chooses by hand.

            COMMANDS
            \(ChatInput.commands.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
            """
    )

    @Argument(help: "A model folder or a GGUF file.")
    var model: String

    @Option(help: "Instructions for the whole conversation.")
    var system: String?

    @OptionGroup var settings: ChatSettings
    @OptionGroup var engine: EngineOptions

    func run() async throws {
        var chat = try Chat(system: system, settings)
        // Also asks the terminal, before anything is typed.
        _ = try TerminalCapabilities.detected
        try engine.start()
        let model = try await Console.model(self.model, engine)
        guard await model.hasChatTemplate else { throw ChatError.noTemplate(folder: self.model) }
        var prompt = ChatPrompt()
        Console.report("/help lists the commands")
        while let line = prompt.next() {
            guard !line.allSatisfy(\.isWhitespace) else { continue }
            do {
                let input = try ChatInput(parsing: line)
                if input == .quit { break }
                let question: [Segment]
                switch input {
                case .message(let text): question = chat.shown + [.text(text, role: .user)]
                case .retry: question = try chat.takeBack()
                default:
                    try chat.follow(input)
                    continue
                }
                let document = Document(chat.recent + question)
                let answer = try await Interruption.cancelling { [options = chat.options] in
                    try await Console.show(model.answer(document, options: options))
                }
                Console.print("")
                guard let answer else {
                    Console.report("stopped; your message is taken back, /retry asks it again")
                    chat.put(aside: question)
                    continue
                }
                if answer.finishReason == .length {
                    let isFull = answer.counts.text < chat.options.maximumTextTokens
                    Console.report(
                        isFull
                            ? "cut off, as the context is full; /new starts over"
                            : "cut off at the limit of tokens; /settings max-tokens NUMBER sets it"
                    )
                }
                if answer.forgottenTurnCount > 0 {
                    Console.report("without the first \(answer.forgottenTurnCount) turns")
                }
                chat.take(answer, to: question)
            } catch let error as ValidationError {
                // A conversation goes on after a mistake.
                Console.report("error: \(error.message)")
            } catch {
                guard let error = UsersError(error) else { throw error }
                Console.report("error: \(error.line)")
            }
        }
    }
}

/// Why there is no conversation.
enum ChatError: UserError {
    case noTemplate(folder: String)

    var kind: ErrorKind { .invalidConfiguration }

    var description: String {
        switch self {
        case .noTemplate(let folder):
            "\(folder): has no chat template, so it holds no conversations; "
                + "jam generate continues a text, or put a chat_template.jinja there"
        }
    }
}
