/// Renders documents as one self-contained HTML page, with a card for each document.
///
/// Text is escaped and images are data URLs; a content security policy forbids scripts and the
/// network.
package struct HTMLRenderer: Sendable {
    /// The longer side, in CSS pixels, to which small images are enlarged.
    private static let imageSide = 192

    package init() {}

    /// The page of some documents, with a heading and a sentence below it.
    package func render(_ documents: [Document], title: String, subtitle: String = "") -> String {
        let kind = documents.count == 1 ? " class=\"single\"" : ""
        let cards = documents.map { "<article>\n\(sections($0))\n</article>" }
        return page(
            "<main\(kind)>\n\(cards.joined(separator: "\n"))\n</main>",
            title: title,
            subtitle: subtitle
        )
    }

    /// The page around a `main` element.
    func page(_ main: String, title: String, subtitle: String) -> String {
        let lead = subtitle.isEmpty ? "" : "<p class=\"lead\">\(Self.escape(subtitle))</p>\n"
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(Self.escape(title))</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <header>
            <h1>\(Self.escape(title))</h1>
            \(lead)</header>
            \(main)
            </body>
            </html>

            """
    }

    /// Escapes text for elements and quoted attributes.
    static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\0": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static let policy =
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
        + "form-action 'none'"

    /// A section for each turn.
    func sections(_ document: Document) -> String {
        document.turns.map { turn in
            let name = turn.role.map { $0.rawValue } ?? "plain"
            let label = turn.role.map { "<h2>\($0.title)</h2>\n" } ?? ""
            return "<section class=\"\(name)\">\n\(label)\(content(turn.segments))\n</section>"
        }.joined(separator: "\n")
    }

    /// Paragraphs, and rows of adjacent images.
    func content(_ segments: [Segment]) -> String {
        var blocks: [String] = []
        var row: [String] = []
        func endRow() {
            if !row.isEmpty { blocks.append("<div class=\"images\">\(row.joined())</div>") }
            row = []
        }
        for segment in segments {
            switch segment.content {
            case .image(let image): row.append(element(image, segment.altText))
            case .text(let text):
                endRow()
                blocks.append("<p>\(Self.escape(text))</p>")
            }
        }
        endRow()
        return blocks.joined(separator: "\n")
    }

    /// Small images are shown at an integer multiple of their size, so that pixels stay sharp.
    private func element(_ image: Image, _ altText: String?) -> String {
        let factor = max(Self.imageSide / max(image.width, image.height), 1)
        let kind = factor > 1 ? " class=\"crisp\"" : ""
        let size = "width=\"\(image.width * factor)\" height=\"\(image.height * factor)\""
        let alternative = Self.escape(altText ?? image.sizeInWords)
        return "<img\(kind) \(size) alt=\"\(alternative)\" src=\"\(DataURL.png(image.png()))\">"
    }
}
