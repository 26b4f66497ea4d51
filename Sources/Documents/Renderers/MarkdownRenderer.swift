/// Renders documents as Markdown with embedded images.
///
/// Text is plain: markup and HTML in it are escaped.
package struct MarkdownRenderer: Sendable {
    package init() {}

    /// Renders a document; each turn of a conversation starts with its role.
    package func render(_ document: Document) -> String {
        var blocks: [String] = []
        var role: Role?
        for segment in document.segments {
            if let next = segment.role, next != role { blocks.append("**\(next.title)**") }
            role = segment.role
            switch segment.content {
            case .text(let text): blocks.append(Self.escape(text))
            case .image(let image):
                let words = segment.altText ?? image.sizeInWords
                let altText = Self.escape(
                    words.split(whereSeparator: \.isNewline).joined(separator: " ")
                )
                blocks.append("![\(altText)](\(DataURL.png(image.png())))")
            }
        }
        return blocks.joined(separator: "\n\n") + "\n"
    }

    // By scalars: "*" with a combining accent is another `Character` than "*", and "\r\n" is one.
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

    /// Escapes a heading, list, rule or code block at the start of a line.
    private static func escapeStart(_ line: String.UnicodeScalarView) -> String.UnicodeScalarView {
        let content = line.drop { $0 == " " || $0 == "\t" }
        let digits = content.prefix { ("0"..."9").contains($0) }
        let rest = content.dropFirst(digits.count)
        let escape = "\\".unicodeScalars
        if !digits.isEmpty, rest.first == "." || rest.first == ")" { return digits + escape + rest }
        if let first = content.first, "#+-=".unicodeScalars.contains(first) {
            return escape + content
        }
        // Four spaces would start a code block.
        let isIndented = line.count - content.count >= 4 || line.first == "\t"
        return isIndented ? .init(content) : line
    }
}

extension Role {
    /// The heading of a turn.
    package var title: String {
        switch self {
        case .system: "System"
        case .user: "You"
        case .assistant: "Answer"
        }
    }
}

extension Image {
    /// What is said of an image without an alternative text.
    var sizeInWords: String { "image of \(width)×\(height) pixels" }
}
