/// The files that the dictionary is made from; three Debian packages install them.
package struct DictionarySources: Sendable {
    private let emojiFont: String
    private let cldr: String
    private let wordNet: String

    /// - Parameters:
    ///   - emojiFont: Noto Color Emoji, a font of color bitmaps.
    ///   - cldr: the folder `common` of the Unicode CLDR: names, keywords, groups and order of emoji.
    ///   - wordNet: the folder of WordNet's database: `index.noun`, `data.noun` and so on.
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
