import Basics
import PictureDictionary
import Testing

@Suite struct SourceTests {
    @Test("Names the package of a missing file") func namesThePackageOfAMissingFile() {
        let sources = DictionarySources(wordNet: "/nowhere")
        let error = #expect(throws: DictionaryError.self) {
            try DictionaryData(sources: sources)
        }
        #expect(
            error?.description
                == "/nowhere/data.noun is missing: install the Debian package wordnet-base"
        )
        #expect(error?.kind == .notFound)
    }

    @Test("Refuses a file that is no font") func refusesAFileThatIsNoFont() {
        let sources = DictionarySources(emojiFont: "/usr/share/wordnet/index.adv")
        let expected = DictionaryError.unusableFont(
            path: "/usr/share/wordnet/index.adv",
            problem: "not a font that FreeType reads"
        )
        #expect(throws: expected) { try DictionaryData(sources: sources) }
    }
}
