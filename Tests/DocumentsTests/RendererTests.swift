import Basics
import Documents
import Testing

@Suite struct RendererTests {
    let hostile = Document([
        .text("<script>alert(1)</script> & \"quotes\" 'too' </style>", role: .user),
        .text("# *not* a [heading](javascript:alert(1))\n1. `x`", role: .assistant),
    ])

    /// Prevents a document from running code in the reader's browser.
    @Test func escapesHTML() {
        let page = HTMLRenderer().render([hostile], title: "<img src=x onerror=alert(1)>")
        #expect(!page.contains("<script"))
        #expect(!page.contains("<img src=x"))
        #expect(
            page.contains(
                "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot; &#39;too&#39;"
            )
        )
        #expect(page.contains("<title>&lt;img src=x onerror=alert(1)&gt;</title>"))
        #expect(page.contains("default-src 'none'; img-src data:;"))
        #expect(page.components("</style>") == 1)
    }

    @Test func showsImagesCrisp() {
        let page = HTMLRenderer().render(
            [Document([.image(.sample(width: 64, height: 32))])],
            title: "A"
        )
        #expect(page.contains("<img class=\"crisp\" width=\"192\" height=\"96\""))
        let large = Document([.image(.sample(width: 200, height: 10))])
        #expect(
            HTMLRenderer().render([large], title: "A").contains("<img width=\"200\" height=\"10\"")
        )
    }

    @Test func escapesMarkdown() {
        let output = MarkdownRenderer().render(hostile)
        #expect(
            output.text == """
                **You**

                &lt;script&gt;alert(1)&lt;/script&gt; &amp; "quotes" 'too' &lt;/style&gt;

                **Answer**

                \\# \\*not\\* a \\[heading\\](javascript:alert(1))
                1\\. \\`x\\`

                """
        )
        #expect(output.files.isEmpty)
    }

    @Test func putsMarkdownImagesBesideTheText() throws {
        let document = Document([.text("a"), .image(.sample()), .image(.sample(seed: 1))])
        let output = MarkdownRenderer(images: .files(named: "answer")).render(document)
        #expect(
            output.text == """
                a

                ![image of 5×4 pixels](<answer-1.png>)

                ![image of 5×4 pixels](<answer-2.png>)

                """
        )
        #expect(output.files.map(\.name) == ["answer-1.png", "answer-2.png"])
        #expect(try Image(decoding: output.files[1].bytes) == .sample(seed: 1))
    }

    @Test func drawsHalfBlocks() {
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
        let lines = narrow.render(.sample(width: 100, height: 50)).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { $0.filter { $0 == "▀" }.count == 10 })
    }

    @Test func sendsKittyGraphicsInChunks() throws {
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

    /// Prevents a text from commanding the terminal that shows it.
    @Test func showsControlCharactersAsSymbols() {
        let document = Document([.text("\u{1B}[2Jgone\u{7}\u{9B}31m\r\n\tok", role: .user)])
        let plain = TerminalRenderer(TerminalCapabilities(images: .words))
        #expect(plain.render(document) == "You:\n␛[2Jgone␇\u{FFFD}31m␍\n\tok\n")
        #expect(plain.render(Document([.image(.sample())])) == "[image 5×4]\n")
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

    @Test func detectsTheTerminal() {
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

extension String {
    /// How often a text stands in this one.
    fileprivate func components(_ text: String) -> Int { ranges(of: text).count }
}
