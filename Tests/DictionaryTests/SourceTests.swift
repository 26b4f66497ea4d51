import Basics
import Dictionary
import Testing

@Suite struct SourceTests {
    @Test func namesThePackageOfAMissingFile() {
        let sources = DictionarySources(wordNet: "/nowhere")
        let error = #expect(throws: DictionaryError.self) {
            try DictionaryBuilder(sources: sources).build()
        }
        #expect(
            error?.description
                == "/nowhere/data.noun is not there: install the Debian package wordnet-base, "
                + "or name the file's place"
        )
        #expect(error?.kind == .notFound)
    }

    @Test func refusesAFileThatIsNoFont() {
        let sources = DictionarySources(emojiFont: "/usr/share/wordnet/index.adv")
        let expected = DictionaryError.unusableFont(
            path: "/usr/share/wordnet/index.adv",
            problem: "not a font that FreeType reads"
        )
        #expect(throws: expected) { try DictionaryBuilder(sources: sources).build() }
    }
}
