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

            COMMANDS
            \(ChatInput.commands.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
            """
    )

    @Argument(help: "A model folder or a GGUF file.")
    var model: String

    @Option(help: "Instructions for the whole conversation.")
    var system: String?

    @Option(
        help: """
            How many of the last questions the model reads, the new one included; 1 suits a model that \
            was tuned on single questions. (default: as many as fit)
            """
    )
    var turns: Int?

    @OptionGroup var sampling: SamplingOptions
    @OptionGroup var engine: EngineOptions

    func validate() throws {
        guard turns ?? 1 >= 1 else {
            throw ValidationError("--turns is \(turns ?? 0); an integer from 1 is expected")
        }
    }

    func run() async throws {
        var options = try sampling.options()
        options.forgetsOldTurns = true
        try engine.start()
        let model = try await Console.model(self.model, engine)
        guard await model.hasChatTemplate else { throw ChatError.noTemplate(folder: self.model) }
        var chat = Chat(system: system)
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
                let document = Document(chat.recent(turns) + question)
                let answer = try await Interruption.cancelling { [options] in
                    try await Console.show(model.answer(document, options: options))
                }
                Console.print("")
                guard let answer else {
                    Console.report("stopped; your message is taken back, /retry asks it again")
                    chat.put(aside: question)
                    options.seed &+= 1
                    continue
                }
                if answer.forgottenTurnCount > 0 {
                    Console.report("without the first \(answer.forgottenTurnCount) turns")
                }
                chat.take(answer, to: question)
                options.seed = answer.seed &+ 1
            } catch let error as ValidationError {
                // A conversation goes on after a mistake.
                Console.report("error: \(error.message)")
            } catch let error as JamError {
                Console.report("error: \(error)")
            } catch let error as any UserError {
                Console.report("error: \(error.line)")
            }
        }
    }
}

/// A conversation in the terminal so far.
private struct Chat {
    private(set) var segments: [Segment] = []
    /// A question whose answer was stopped.
    private var stopped: [Segment]?
    /// Images that go with the next message.
    private(set) var shown: [Segment] = []
    private var system: String?

    init(system: String?) {
        self.system = system
        start()
    }

    private mutating func start() {
        segments = system.map { [.text($0, role: .system)] } ?? []
        shown = []
        stopped = nil
    }

    /// What the model reads before the next question, if it reads `turns` questions in all.
    func recent(_ turns: Int?) -> [Segment] {
        guard let turns else { return segments }
        let starts = Document(segments).questionStarts
        let first = starts.suffix(turns - 1).first ?? segments.endIndex
        return segments.filter { $0.role == .system } + segments[first...]
    }

    mutating func take(_ answer: Answer, to question: [Segment]) {
        segments += question + answer.document.segments
        shown = []
        stopped = nil
    }

    /// Keeps a question whose answer was stopped for another try.
    mutating func put(aside question: [Segment]) {
        stopped = question
        shown = []
    }

    /// Takes back the last question, with its answer if it has one.
    mutating func takeBack() throws -> [Segment] {
        if let question = stopped { return question }
        guard let first = Document(segments).questionStarts.last else {
            throw ValidationError("there is no message to ask again")
        }
        defer { segments.removeSubrange(first...) }
        return segments[first...].filter { $0.role == .user }
    }

    /// Follows a command that asks the model nothing.
    mutating func follow(_ input: ChatInput) throws {
        switch input {
        case .help: Console.report(ChatInput.commands)
        case .new: start()
        case .system(let text):
            system = text
            start()
        case .undo:
            stopped = nil
            guard let first = Document(segments).questionStarts.last else {
                throw ValidationError("there is nothing to take back")
            }
            segments.removeSubrange(first...)
            shown = []
        case .image(let file):
            shown.append(.image(try Image(contentsOf: URL(filePath: file)), role: .user))
        case .save(let file): try save(to: file)
        case .message, .retry, .quit: break
        }
    }

    private func save(to file: String) throws {
        let document = Document(segments)
        let text =
            switch URL(filePath: file).pathExtension.lowercased() {
            case "html": HTMLRenderer().render([document], title: "jam")
            case "md": document.markdown()
            case "json": document.lineJSON.text(.indented) + "\n"
            default: throw ValidationError("a name that ends in .html, .md or .json is expected")
            }
        try AtomicFile.write(text, to: file)
        Console.report("wrote \(file)")
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
