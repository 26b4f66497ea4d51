/// Renders documents as Markdown.
///
/// Text is plain: what would be markup or HTML is escaped, so that a reader sees it as it is.
package struct MarkdownRenderer: Sendable {
    /// Where the images go.
    package enum Images: Sendable, Equatable {
        /// Into the text, as data URLs.
        case embedded
        /// Into PNG files beside it, `name-1.png` and so on.
        case files(named: String)
    }

    /// A rendered document.
    package struct Output: Sendable, Equatable {
        /// The Markdown.
        package var text: String
        /// The files that the text refers to, to be written beside it.
        package var files: [File] = []
    }

    /// A file beside the Markdown.
    package struct File: Sendable, Equatable {
        /// Its name, without a folder.
        package var name: String
        /// What it holds.
        package var bytes: [UInt8]
    }

    /// Where the images go.
    package var images: Images

    /// Makes a renderer.
    package init(images: Images = .embedded) {
        self.images = images
    }

    /// Renders a document; each turn of a conversation begins with its role.
    package func render(_ document: Document) -> Output {
        var blocks: [String] = []
        var files: [File] = []
        var role: Role?
        for segment in document.segments {
            if let next = segment.role, next != role {
                blocks.append("**\(next.title)**")
            }
            role = segment.role
            switch segment.content {
            case .text(let text): blocks.append(Self.escape(text))
            case .image(let image):
                let bytes = image.png()
                let target: String
                switch images {
                case .embedded: target = DataURL.png(bytes)
                case .files(let name):
                    let file = File(name: "\(name)-\(files.count + 1).png", bytes: bytes)
                    files.append(file)
                    target = "<\(file.name)>"
                }
                blocks.append("![image of \(image.width)×\(image.height) pixels](\(target))")
            }
        }
        return Output(text: blocks.joined(separator: "\n\n") + "\n", files: files)
    }

    // Scalars, not characters: to `Character`, "*" with a combining accent is no "*", and a carriage
    // return with its newline is one.
    private static func escape(_ text: String) -> String {
        var lines: [String.UnicodeScalarView] = [.init()]
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where previous == "\r": break
            case "\n", "\r": lines.append(.init())
            default: lines[lines.count - 1].append(scalar)
            }
            previous = scalar
        }
        return lines.map { escape(line: $0) }.joined(separator: "\n")
    }

    private static func escape(line: String.UnicodeScalarView) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in line {
            switch scalar {
            case "&": escaped += "&amp;".unicodeScalars
            case "<": escaped += "&lt;".unicodeScalars
            case ">": escaped += "&gt;".unicodeScalars
            case "\\", "`", "*", "_", "[", "]", "~", "|", "$":
                escaped.append("\\")
                escaped.append(scalar)
            default: escaped.append(scalar)
            }
        }
        return String(escapeStart(escaped))
    }

    /// Escapes what makes a heading, a list, a rule or a code block at the start of a line.
    private static func escapeStart(_ line: String.UnicodeScalarView) -> String.UnicodeScalarView {
        let content = line.drop { $0 == " " || $0 == "\t" }
        let digits = content.prefix { ("0"..."9").contains($0) }
        let rest = content.dropFirst(digits.count)
        let escape = "\\".unicodeScalars
        if !digits.isEmpty, rest.first == "." || rest.first == ")" { return digits + escape + rest }
        if let first = content.first, "#+-=".unicodeScalars.contains(first) {
            return escape + content
        }
        // Four spaces would begin a code block.
        let isIndented = line.count - content.count >= 4 || line.first == "\t"
        return isIndented ? .init(content) : line
    }
}

extension Role {
    /// The name that a person reads.
    var title: String {
        switch self {
        case .system: "System"
        case .user: "You"
        case .assistant: "Answer"
        }
    }
}
