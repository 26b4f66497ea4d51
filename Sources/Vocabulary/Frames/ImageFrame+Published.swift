extension ImageFrame {
    /// Ours: `<break>` and the codes.
    package static let ours = ImageFrame(opening: ["<break>"])

    /// Chameleon's and Anole's: the codes between two tokens (transformers, `ChameleonProcessor`).
    package static let chameleon = ImageFrame(opening: ["<racm3:break>"], closing: ["<eoss>"])

    /// Lumina-mGPT's, for images of up to 32 × 32 codes, 512 × 512 pixels (`FlexARItemProcessor`).
    ///
    /// Its vocabulary is Chameleon's, so it is a matter of the model's folder.
    package static let lumina = ImageFrame(
        opening: ["<racm3:break>"],
        size: VariableSize(
            .tokens("<reserved08801>"),
            step: 2,
            maximumCodes: 1024,
            maximumRatio: 4
        ),
        rowEnd: "<reserved08799>",
        closing: ["<eoss>"]
    )

    /// Emu3's, for the area that it was trained with, 720 × 720 pixels (`Emu3Processor`).
    package static let emu3 = ImageFrame(
        opening: ["<|image start|>"],
        size: VariableSize(.text("*"), step: 1, maximumCodes: 8100, maximumRatio: 5),
        afterSize: ["<|image token|>"],
        rowEnd: "<|extra_200|>",
        closing: ["<|extra_201|>", "<|image end|>"]
    )

    /// The frame whose tokens a vocabulary has; `nil` if it has none for images.
    package init?(publishedFor tokenizer: Tokenizer) {
        let known = Set(tokenizer.spellings.values)
        let published = [Self.emu3, .chameleon].first { frame in
            frame.tokens.allSatisfy(known.contains)
        }
        let start = tokenizer.space.specialTokens[.imageStart].flatMap {
            tokenizer.spelling(of: $0)
        }
        guard let frame = published ?? start.map({ ImageFrame(opening: [$0]) }) else { return nil }
        self = frame
    }

    /// All tokens but those of sizes.
    var tokens: [String] { opening + afterSize + (rowEnd.map { [$0] } ?? []) + closing }
}
