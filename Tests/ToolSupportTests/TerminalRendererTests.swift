import Basics
import Documents
import Testing
import ToolSupport

@Suite struct TerminalRendererTests {
    @Test("Draws half blocks") func drawsHalfBlocks() {
        var image = Image(width: 2, height: 3, fill: Color(0xFF0000))
        image[1, 0] = Color(0x00FF00)
        image[0, 1] = Color(0x0000FF)
        image[1, 1] = Color(0x0000FF)
        let renderer = TerminalRenderer(TerminalCapabilities(images: .halfBlocks))
        let escape = "\u{1B}["
        #expect(
            renderer.render(image)
                == "\(escape)38;2;255;0;0m\(escape)48;2;0;0;255m▀\(escape)38;2;0;255;0m▀\(escape)0m\n"
                + "\(escape)38;2;255;0;0m▀▀\(escape)0m\n"
        )
        let narrow = TerminalRenderer(TerminalCapabilities(images: .halfBlocks, columns: 10))
        let lines = narrow.render(Image(width: 100, height: 50, fill: .black)).split(
            separator: "\n"
        )
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { $0.filter { $0 == "▀" }.count == 10 })
    }

    @Test("Sends kitty graphics in chunks") func sendsKittyGraphicsInChunks() throws {
        var generator = SeededGenerator(seed: 1)
        let pixels = (0..<64 * 64 * 3).map { _ in UInt8.random(in: .min ... .max, using: &generator)
        }
        let image = Image(width: 64, height: 64, pixels: pixels)
        let output = TerminalRenderer(TerminalCapabilities(images: .kitty)).render(image)
        let chunks = output.split(separator: "\u{1B}\\").dropLast()
        #expect(chunks.count > 2 && output.hasSuffix("\u{1B}\\\n"))
        #expect(chunks.first?.hasPrefix("\u{1B}_Ga=T,f=100,q=2,m=1;") == true)
        #expect(chunks.dropFirst().dropLast().allSatisfy { $0.hasPrefix("\u{1B}_Gm=1;") })
        #expect(chunks.last?.hasPrefix("\u{1B}_Gm=0;") == true)
        let text = chunks.map { $0.drop { $0 != ";" }.dropFirst() }
        #expect(text.dropLast().allSatisfy { $0.count == 4096 })
        let decoded = try #require(Base64.decode(text.joined()))
        #expect(try Image(decoding: decoded) == image.enlarged(towards: 256))
    }

    /// Prevents a text from controlling the terminal that shows it.
    @Test("Shows control characters as symbols") func showsControlCharactersAsSymbols() {
        let document = Document([.text("\u{1B}[2Jgone\u{7}\u{9B}31m\r\n\tok", role: .user)])
        let plain = TerminalRenderer(TerminalCapabilities(images: .words))
        #expect(plain.render(document) == "You:\n␛[2Jgone␇\u{FFFD}31m␍\n\tok\n")
        #expect(
            plain.render(Document([.image(Image(width: 5, height: 4, fill: .black))]))
                == "[image 5×4]\n"
        )
        let described = Segment.image(
            Image(width: 5, height: 4, fill: .black),
            altText: "a \u{1B}[2Jcat"
        )
        #expect(plain.render(described) == "[image: a ␛[2Jcat]\n")
    }

    static let environments:
        [(environment: [String: String], images: TerminalCapabilities.Images)] = [
            (["TERM": "xterm-256color"], .halfBlocks),
            (["TERM": "xterm-kitty"], .kitty),
            (["TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"], .kitty),
            (["TERM_PROGRAM": "ghostty"], .kitty),
            (["TERM_PROGRAM": "WezTerm"], .kitty),
            (["TERM_PROGRAM": "WezTerm", "TMUX": "/tmp/x"], .halfBlocks),
            (["TERM": "xterm-kitty", "NO_COLOR": "1"], .words),
            (["TERM": "xterm-kitty", "NO_COLOR": ""], .kitty),
            (["TERM": "dumb"], .words),
        ]

    @Test("Detects the terminal") func detectsTheTerminal() {
        for (environment, images) in Self.environments {
            let found = TerminalCapabilities.detect(environment: environment, isTerminal: true)
            #expect(found.images == images, "\(environment)")
            let piped = TerminalCapabilities.detect(environment: environment, isTerminal: false)
            #expect(piped.images == .words)
        }
        let sized = TerminalCapabilities.detect(environment: ["COLUMNS": "x"], isTerminal: true)
        #expect(sized.columns == 80)
        let narrow = TerminalCapabilities.detect(
            environment: ["COLUMNS": "40"],
            isTerminal: true,
            columns: 0
        )
        #expect(narrow.columns == 40)
    }
}
