import ArgumentParser
import Foundation

/// What a user types in a conversation: a message or a command.
enum ChatInput: Equatable {
    case message(String)
    case help
    case new
    case undo
    case retry
    case system(String)
    case image(String)
    case save(String)
    case settings
    case set(String, to: String)
    case resetSettings
    case resetSetting(String)
    case quit

    static let commands = """
        /image FILE    show the model an image along with your next message
        /system TEXT   start over, with instructions for the whole conversation
        /retry         ask your last message again, for another answer
        /undo          take back your last message and its answer
        /new           start over
        /save FILE     save the conversation as .html, .md or .json
        /settings      show how answers are sampled; /settings NAME VALUE changes
                       that for the answers to come, /settings reset takes all
                       changes back, /settings reset NAME one
        /quit          end; so does Ctrl-D; Ctrl-C stops an answer
        //TEXT         a message that begins with a slash
        """

    /// Reads a line.
    ///
    /// - Throws: `ValidationError` for a command that there is not, or that lacks its argument.
    init(parsing line: String) throws(ValidationError) {
        guard line.hasPrefix("/") else {
            self = .message(line)
            return
        }
        guard !line.hasPrefix("//") else {
            self = .message(String(line.dropFirst()))
            return
        }
        let parts = line.split(separator: " ", maxSplits: 1)
        let (command, argument) = (String(parts[0]), parts.dropFirst().first.map(String.init))
        switch (command, argument) {
        case ("/help", _), ("/?", _): self = .help
        case ("/new", _), ("/clear", _), ("/reset", _): self = .new
        case ("/undo", _): self = .undo
        case ("/retry", _): self = .retry
        case ("/quit", _), ("/exit", _), ("/bye", _): self = .quit
        case ("/system", let text?): self = .system(text)
        case ("/image", let file?): self = .image(Self.path(file))
        case ("/save", let file?): self = .save(Self.path(file))
        case ("/settings", let change): self = try Self.settings(change ?? "")
        case ("/system", nil), ("/image", nil), ("/save", nil):
            throw ValidationError("\(command) needs an argument; /help lists the commands")
        default:
            throw ValidationError(
                "there is no command \(command); /help lists them, //\(line.dropFirst()) says it"
            )
        }
    }

    /// What `/settings` is followed by: nothing, `reset`, `reset NAME` or `NAME VALUE`.
    private static func settings(_ change: String) throws(ValidationError) -> ChatInput {
        var words = change.split(whereSeparator: \.isWhitespace).map(String.init)
        if words.isEmpty { return .settings }
        if words == ["reset"] { return .resetSettings }
        guard words.count == 2 else {
            throw ValidationError("/settings NAME VALUE is expected; /settings lists the names")
        }
        let value = words.removeLast()
        if words[0] == "reset" { return .resetSetting(value) }
        // As on the command line, too.
        return .set(words[0].replacing(/^--/, with: ""), to: value)
    }

    /// A path as it is typed: `~` is the home, and blanks at the end are none of it.
    private static func path(_ text: String) -> String {
        NSString(string: text.trimmingCharacters(in: .whitespaces)).expandingTildeInPath
    }
}
