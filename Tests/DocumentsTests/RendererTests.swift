import Documents
import Testing

@Suite struct RendererTests {
    let hostile = Document([
        .text("<script>alert(1)</script> & \"quotes\" 'too' </style>", role: .user),
        .text("# *not* a [heading](javascript:alert(1))\n1. `x`", role: .assistant),
    ])

    /// Prevents a document from running code in the reader's browser.
    @Test("Escapes HTML") func escapesHTML() {
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

    @Test("Shows images crisp") func showsImagesCrisp() {
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

    @Test("Escapes Markdown") func escapesMarkdown() {
        let output = MarkdownRenderer().render(hostile)
        #expect(
            output == """
                **You**

                &lt;script&gt;alert(1)&lt;/script&gt; &amp; "quotes" 'too' &lt;/style&gt;

                **Answer**

                \\# \\*not\\* a \\[heading\\](javascript:alert(1))
                1\\. \\`x\\`

                """
        )
    }
}

extension String {
    /// How often this string contains a text.
    fileprivate func components(_ text: String) -> Int { ranges(of: text).count }
}
