package import Basics

/// Why a model's chat template cannot render a conversation.
package enum TemplateError: UserError, Equatable {
    /// The template is not in the supported part of Jinja.
    case unreadable(place: String, line: Int?, problem: String)
    /// The template failed on this conversation, or exceeded the budget.
    case failed(place: String, line: Int?, problem: String)
    /// The template refuses this conversation with its own message.
    case refused(place: String, message: String)
    /// The folder has several templates, but no default.
    case noDefault(place: String, names: [String])
    case missing(folder: String)
    /// The template does not write the images of a conversation where they belong.
    case dropsImages(place: String)
    /// The template changes what the assistant says, so that it cannot be found or continued.
    case changesContent(place: String)

    package var kind: ErrorKind {
        switch self {
        case .failed, .refused, .dropsImages, .changesContent: .malformedInput
        case .unreadable, .noDefault, .missing: .invalidConfiguration
        }
    }

    package var description: String {
        switch self {
        case .unreadable(let place, let line, let problem):
            "\(place)\(Self.text(of: line)): the chat template cannot be read: \(problem.brief(300))"
        case .failed(let place, let line, let problem):
            "\(place)\(Self.text(of: line)): the chat template failed: \(problem.brief(300))"
        case .refused(let place, let message):
            "\(place): the chat template refuses the conversation: \(message.brief(300))"
        case .noDefault(let place, let names):
            "\(place): has the chat templates \(names.joined(separator: ", ").brief(200)), but no "
                + "\"default\"; choose one by its name"
        case .missing(let folder):
            "\(folder): has no chat template; expected is chat_template.jinja, chat_template.json "
                + "or a chat_template in tokenizer_config.json"
        case .dropsImages(let place):
            "\(place): the chat template leaves out images of the conversation, or writes them "
                + "twice; take another template"
        case .changesContent(let place):
            "\(place): the chat template leaves out or changes what the assistant says in this "
                + "conversation; take another template"
        }
    }

    private static func text(of line: Int?) -> String { line.map { ", line \($0)" } ?? "" }
}
