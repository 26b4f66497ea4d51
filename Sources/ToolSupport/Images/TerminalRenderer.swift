package import Documents

/// Renders documents for a terminal, with images.
///
/// Control characters in a text are shown as symbols, so that no text can control the terminal.
package struct TerminalRenderer: Sendable {
    package var capabilities: TerminalCapabilities

    package init(_ capabilities: TerminalCapabilities) {
        self.capabilities = capabilities
    }

    /// Renders a document, each segment on its own lines, each turn under its role.
    package func render(_ document: Document) -> String {
        var output = ""
        var role: Role?
        for segment in document.segments {
            if let next = segment.role, next != role {
                output += (output.isEmpty ? "" : "\n") + heading(next)
            }
            role = segment.role
            output += render(segment)
        }
        return output
    }

    package func render(_ segment: Segment) -> String {
        switch segment.content {
        case .text(let text): Self.harmless(text) + "\n"
        case .image(let image): render(image, segment.altText)
        }
    }

    /// Renders an image, or where the terminal shows none, what it shows, or its size.
    package func render(_ image: Image, _ altText: String? = nil) -> String {
        switch capabilities.images {
        case .kitty: kitty(image)
        case .iTerm: iTerm(image)
        case .sixel: sixel(image)
        case .halfBlocks: halfBlocks(image)
        case .words:
            altText.map { "[image: \(Self.harmless($0))]\n" }
                ?? "[image \(image.width)×\(image.height)]\n"
        }
    }

    /// The text with each control character as its symbol, except tabs and newlines.
    package static func harmless(_ text: String) -> String {
        var harmless = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A: harmless.append(scalar)
            case 0x00..<0x20: harmless.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
            case 0x7F: harmless.append("\u{2421}")
            case 0x80..<0xA0: harmless.append("\u{FFFD}")
            default: harmless.append(scalar)
            }
        }
        return String(harmless)
    }

    private func heading(_ role: Role) -> String {
        capabilities.images == .words
            ? "\(role.title):\n" : "\u{1B}[1m\(role.title)\u{1B}[0m\n"
    }

    /// The pixels that surely fit in a line: a column is usually eight or more.
    private var lineWidth: Int { capabilities.columns * 8 }

    /// PNG in chunks of 4096 base64 characters; small images are enlarged by an integer, wide ones
    /// scaled to the line.
    private func kitty(_ image: Image) -> String {
        let shown = image.enlarged(towards: 256)
        var rest = Base64.encode(shown.png())[...]
        // Only the first chunk has the keys.
        let fit = shown.width > lineWidth ? ",c=\(capabilities.columns)" : ""
        var keys = "a=T,f=100,q=2\(fit),"
        var output = ""
        repeat {
            let chunk = rest.prefix(4096)
            rest = rest.dropFirst(4096)
            output += "\u{1B}_G\(keys)m=\(rest.isEmpty ? 0 : 1);\(chunk)\u{1B}\\"
            keys = ""
        } while !rest.isEmpty
        return output + "\n"
    }

    /// PNG as a file that iTerm2 shows in place, sized as for kitty.
    private func iTerm(_ image: Image) -> String {
        let shown = image.enlarged(towards: 256)
        let png = shown.png()
        let width = shown.width > lineWidth ? "\(capabilities.columns)" : "auto"
        return "\u{1B}]1337;File=inline=1;size=\(png.count);width=\(width):"
            + Base64.encode(png) + "\u{7}\n"
    }

    /// Sixel graphics, sized as for kitty; the terminal does not scale them.
    private func sixel(_ image: Image) -> String {
        let enlarged = image.enlarged(towards: 256)
        let width = min(enlarged.width, lineWidth)
        let height = max(enlarged.height * width / enlarged.width, 1)
        let shown = enlarged.resized(width: width, height: height, .area)
        return IndexedImage(shown).sixel + "\n"
    }

    /// Two pixels a character: the upper one is the color of `▀`, the lower one its background.
    private func halfBlocks(_ image: Image) -> String {
        let width = min(image.width, capabilities.columns, 64)
        let height = max(Int((Double(image.height * width) / Double(image.width)).rounded()), 1)
        let shown = image.resized(width: width, height: min(height, 4 * width), .area)
        var output = ""
        for row in stride(from: 0, to: shown.height, by: 2) {
            var colors: (upper: Color, lower: Color?)?
            for column in 0..<shown.width {
                let upper = shown[column, row]
                let lower = row + 1 < shown.height ? shown[column, row + 1] : nil
                if colors?.upper != upper { output += Self.select(38, upper) }
                if let lower, colors?.lower != lower { output += Self.select(48, lower) }
                colors = (upper, lower)
                output += "▀"
            }
            output += "\u{1B}[0m\n"
        }
        return output
    }

    private static func select(_ plane: Int, _ color: Color) -> String {
        "\u{1B}[\(plane);2;\(color.red);\(color.green);\(color.blue)m"
    }
}
