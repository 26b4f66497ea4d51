/// Renders documents as Markdown.
///
/// Text is plain: what would be markup or HTML is escaped, so that a reader sees it as it is.
public struct MarkdownRenderer: Sendable {
    /// Where the pictures go.
    public enum Pictures: Sendable, Equatable {
        /// Into the text, as data URLs.
        case embedded
        /// Into PNG files beside it, `name-1.png` and so on.
        case files(named: String)
    }

    /// A rendered document.
    public struct Output: Sendable, Equatable {
        /// The Markdown.
        public var text: String
        /// The files that the text refers to, to be written beside it.
        public var files: [File] = []
    }

    /// A file beside the Markdown.
    public struct File: Sendable, Equatable {
        /// Its name, without a folder.
        public var name: String
        /// What it holds.
        public var bytes: [UInt8]
    }

    /// Where the pictures go.
    public var pictures: Pictures

    /// Makes a renderer.
    public init(pictures: Pictures = .embedded) {
        self.pictures = pictures
    }

    /// Renders a document; each turn of a conversation begins with its speaker.
    public func render(_ document: Document) -> Output {
        var blocks: [String] = []
        var files: [File] = []
        var speaker: Speaker?
        for segment in document.segments {
            if let next = segment.speaker, next != speaker {
                blocks.append("**\(next.title)**")
            }
            speaker = segment.speaker
            switch segment.content {
            case .text(let text): blocks.append(Self.escape(text))
            case .picture(let picture):
                let bytes = picture.png()
                let target: String
                switch pictures {
                case .embedded: target = DataURL.png(bytes)
                case .files(let name):
                    let file = File(name: "\(name)-\(files.count + 1).png", bytes: bytes)
                    files.append(file)
                    target = "<\(file.name)>"
                }
                blocks.append("![picture of \(picture.width)×\(picture.height) pixels](\(target))")
            }
        }
        return Output(text: blocks.joined(separator: "\n\n") + "\n", files: files)
    }

    private static func escape(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { escape(line: $0) }
            .joined(separator: "\n")
    }

    private static func escape(line: Substring) -> String {
        var escaped = ""
        for character in line {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\\", "`", "*", "_", "[", "]", "~", "|", "$": escaped += "\\\(character)"
            default: escaped.append(character)
            }
        }
        return escapeStart(escaped)
    }

    /// Escapes what makes a heading, a list, a rule or a code block at the start of a line.
    private static func escapeStart(_ line: String) -> String {
        let content = line.drop { $0 == " " || $0 == "\t" }
        let digits = content.prefix { $0.isASCII && $0.isNumber }
        let rest = content.dropFirst(digits.count)
        if !digits.isEmpty, rest.hasPrefix(".") || rest.hasPrefix(")") {
            return digits + "\\" + rest
        }
        if let first = content.first, "#+-=".contains(first) { return "\\" + content }
        // Four spaces would begin a code block.
        return line.count - content.count >= 4 || line.hasPrefix("\t") ? String(content) : line
    }
}

extension Speaker {
    /// The name that a person reads.
    var title: String {
        switch self {
        case .system: "System"
        case .user: "You"
        case .assistant: "Answer"
        }
    }
}
