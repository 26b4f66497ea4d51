/// The files that the picture dictionary is made of.
///
/// All of them come with three Debian packages; the paths may be changed for another system.
package struct DictionarySources: Sendable, Equatable {
    /// Noto Color Emoji, a font with coloured bitmaps.
    package var emojiFont: String
    /// The folder `common` of the Unicode CLDR: names, keywords, groups and the order of emoji.
    package var cldr: String
    /// The folder of WordNet's database: `index.noun`, `data.noun` and the other parts of speech.
    package var wordNet: String

    /// Names the three sources; a path that is left out is where Debian puts it.
    package init(
        emojiFont: String = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf",
        cldr: String = "/usr/share/unicode/cldr/common",
        wordNet: String = "/usr/share/wordnet"
    ) {
        self.emojiFont = emojiFont
        self.cldr = cldr
        self.wordNet = wordNet
    }

    var emojiFontFile: SourceFile {
        SourceFile(path: emojiFont, package: "fonts-noto-color-emoji")
    }

    func cldrFile(_ name: String) -> SourceFile {
        SourceFile(path: cldr + "/" + name, package: "unicode-cldr-core")
    }

    func wordNetFile(_ name: String) -> SourceFile {
        SourceFile(path: wordNet + "/" + name, package: "wordnet-base")
    }
}
