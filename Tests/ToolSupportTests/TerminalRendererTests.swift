import ArgumentParser
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

    @Test("Sends iTerm2 an image as a file") func sendsITermFile() throws {
        let image = Image(width: 40, height: 30, fill: Color(0x336699))
        let png = image.enlarged(towards: 256).png()
        #expect(
            TerminalRenderer(TerminalCapabilities(images: .iTerm)).render(image)
                == "\u{1B}]1337;File=inline=1;size=\(png.count);width=auto:\(Base64.encode(png))\u{7}\n"
        )
        let narrow = TerminalRenderer(TerminalCapabilities(images: .iTerm, columns: 20))
        #expect(narrow.render(image).contains(";width=20:"))
    }

    /// Prevents sixel graphics that a narrow terminal cuts off, as it does not scale them.
    @Test("Sends sixel graphics as wide as a line at most") func sendsSixel() {
        let image = Image(width: 40, height: 30, fill: Color(0x336699))
        func raster(columns: Int) -> Substring {
            TerminalRenderer(TerminalCapabilities(images: .sixel, columns: columns)).render(image)
                .prefix { $0 != "#" }
        }
        #expect(raster(columns: 80) == "\u{1B}P0;1;0q\"1;1;240;180")
        #expect(raster(columns: 20) == "\u{1B}P0;1;0q\"1;1;160;120")
    }

    static let environments:
        [(environment: [String: String], images: TerminalCapabilities.Images?)] = [
            // Nothing is known.
            (["TERM": "xterm-256color"], nil),
            (["TERM": "xterm-kitty"], .kitty),
            (["TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"], .kitty),
            (["TERM_PROGRAM": "ghostty"], .kitty),
            (["TERM_PROGRAM": "WezTerm"], .iTerm),
            (["TERM_PROGRAM": "iTerm.app"], .iTerm),
            (["TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"], .iTerm),
            (["KONSOLE_VERSION": "220401"], .iTerm),
            (["KONSOLE_VERSION": "210800"], nil),
            (["TERM": "foot"], .sixel),
            (["TERM": "foot-extra"], .sixel),
            (["TERM": "mlterm-256color"], .sixel),
            (["TERM_PROGRAM": "WezTerm", "TMUX": "/tmp/x"], nil),
            (["TERM": "tmux-256color", "LC_TERMINAL": "iTerm2"], nil),
            (["TERM": "xterm-kitty", "NO_COLOR": "1"], .words),
            (["TERM": "xterm-kitty", "NO_COLOR": ""], .kitty),
            (["TERM": "dumb"], .words),
            (["TERM": "xterm-kitty", "JAM_IMAGES": "sixel"], .sixel),
            (["TERM": "xterm-kitty", "JAM_IMAGES": "blocks"], .halfBlocks),
            (["TERM": "xterm-kitty", "JAM_IMAGES": "none"], .words),
            (["TERM": "dumb", "JAM_IMAGES": "iterm"], .iTerm),
            (["TMUX": "/tmp/x", "JAM_IMAGES": "kitty"], .kitty),
            (["TERM": "xterm-kitty", "JAM_IMAGES": ""], .kitty),
        ]

    @Test("Detects the terminal", arguments: environments)
    func detectsTheTerminal(
        environment: [String: String],
        images: TerminalCapabilities.Images?
    ) throws {
        for saysSixel in [false, true] {
            var isAsked = false
            let found = try TerminalCapabilities.detect(
                environment: environment,
                isTerminal: true
            ) {
                isAsked = true
                return saysSixel
            }
            #expect(found.images == images ?? (saysSixel ? .sixel : .halfBlocks))
            #expect(isAsked == (images == nil))
        }
        let piped = try TerminalCapabilities.detect(environment: environment, isTerminal: false) {
            Issue.record("a pipe is asked")
            return true
        }
        #expect(piped.images == .words)
    }

    @Test("Knows how wide a line is") func knowsWidth() throws {
        let sized = try TerminalCapabilities.detect(
            environment: ["COLUMNS": "x"],
            isTerminal: true
        )
        #expect(sized.columns == 80)
        let narrow = try TerminalCapabilities.detect(
            environment: ["COLUMNS": "40"],
            isTerminal: true,
            columns: 0
        )
        #expect(narrow.columns == 40)
    }

    @Test("A choice that there is not is an error") func refusesChoice() {
        let error = #expect(throws: ValidationError.self) {
            try TerminalCapabilities.detect(
                environment: ["JAM_IMAGES": "sixels"],
                isTerminal: true
            )
        }
        #expect(
            error?.message == "the environment's JAM_IMAGES is sixels; "
                + "kitty, iterm, sixel, blocks or none is expected"
        )
    }

    @Test("Reads what a terminal says of itself") func readsAttributes() {
        let answers: [(String, Bool)] = [
            ("\u{1B}[?62;4c", true), ("\u{1B}[?63;1;2;4;6;9;15;22c", true),
            ("\u{1B}[?1;2c", false), ("\u{1B}[?62;c", false), ("\u{1B}[?4c", false),
            ("\u{1B}[?64;14;42c", false), ("", false), ("\u{1B}[?62;4", false),
        ]
        for (answer, hasSixel) in answers {
            #expect(SixelQuery.hasSixel(Array(answer.utf8)) == hasSixel, "\(answer)")
        }
    }
}
