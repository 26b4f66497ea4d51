import ArgumentParser
import Basics
import Documents
import Foundation
import Jam
import ToolSupport

/// A conversation in the terminal so far.
struct Chat {
    private(set) var segments: [Segment] = []
    /// A question whose answer was stopped.
    private var stopped: [Segment]?
    /// Images that go with the next message.
    private(set) var shown: [Segment] = []
    private var system: String?

    /// How the next answer is sampled, its seed included.
    private(set) var options: AnswerOptions
    private var settings: ChatSettings
    /// The settings at the beginning.
    private let initialSettings: ChatSettings

    init(system: String?, _ settings: ChatSettings) throws {
        self.system = system
        self.settings = settings
        initialSettings = settings
        options = try settings.options()
        start()
    }

    private mutating func start() {
        segments = system.map { [.text($0, role: .system)] } ?? []
        shown = []
        stopped = nil
    }

    /// What the model reads before the next question.
    var recent: [Segment] {
        guard let turns = settings.turns else { return segments }
        let starts = Document(segments).questionStarts
        let first = starts.suffix(turns - 1).first ?? segments.endIndex
        return segments.filter { $0.role == .system } + segments[first...]
    }

    mutating func take(_ answer: Answer, to question: [Segment]) {
        segments += question + answer.document.segments
        options.seed = answer.seed &+ 1
        shown = []
        stopped = nil
    }

    /// Keeps a question whose answer was stopped for another try.
    mutating func put(aside question: [Segment]) {
        stopped = question
        options.seed &+= 1
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
            let texts = Document(segments[first...].filter { $0.role == .user }).texts
            Console.report("taken back: " + (texts.first?.quoted(60) ?? "an image"))
            segments.removeSubrange(first...)
            shown = []
        case .image(let file):
            shown.append(.image(try Image(contentsOf: URL(filePath: file)), role: .user))
        case .save(let file): try save(to: file)
        case .settings: Console.report(settings.table(seed: options.seed))
        case .set(let name, let value): try use(settings.changing(name, to: value))
        case .resetSetting(let name):
            try use(settings.changing(name, to: initialSettings.value(of: name)))
        case .resetSettings: try use(initialSettings)
        case .message, .retry, .quit: break
        }
    }

    /// Takes settings for the answers to come, whose seeds go on unless there is a new one.
    private mutating func use(_ new: ChatSettings) throws {
        let seed = new.seeding.seed ?? options.seed
        options = try new.options()
        options.seed = seed
        settings = new
        settings.seeding.seed = nil
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
