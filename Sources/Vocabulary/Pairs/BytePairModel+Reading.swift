import Basics

extension BytePairModel {
    /// Reads a `model` of type `BPE`; those of its tokens that are added tokens are no text.
    init(_ reader: JSONReader, _ alphabet: Alphabet, addedTokens: [AddedToken])
        throws(JSONFieldError)
    {
        try reader.require("type", "BPE")
        // About characters without a token, of which there are none.
        for ignored in ["unk_token", "fuse_unk"] { _ = reader.has(ignored) }
        let affix = "continuing_subword_prefix"
        let prefix = try reader.string(affix, default: "")
        guard prefix.isEmpty else {
            throw reader.failure(affix, "\(prefix.quoted()) is not supported; supported is none")
        }
        let wordEnd = try Self.wordEnd(reader, alphabet)
        let dropout = try reader.number("dropout", default: 0)
        guard dropout == 0 else {
            throw reader.failure("dropout", "\(dropout) is not supported; supported is none")
        }
        let fallsBack = try reader.bool("byte_fallback", default: false)
        guard fallsBack || alphabet == .bytes else {
            let problem = "false is only supported where the pre_tokenizer is \"ByteLevel\""
            throw reader.failure("byte_fallback", problem)
        }

        let vocabulary = try VocabularyReader(
            reader,
            alphabet,
            wordEnd: wordEnd,
            addedTokens: addedTokens
        )
        var settings = reader.object
        settings["vocab"] = nil
        settings["merges"] = nil
        self.init(
            alphabet: alphabet,
            wordEnd: wordEnd,
            tokens: vocabulary.tokens,
            merges: try vocabulary.readMerges(),
            ignoresMerges: try reader.bool("ignore_merges", default: false),
            reserved: vocabulary.reserved,
            settings: settings
        )
    }

    /// Reads what the last token of a piece has after its bytes.
    private static func wordEnd(_ reader: JSONReader, _ alphabet: Alphabet) throws(JSONFieldError)
        -> [UInt8]
    {
        let text = try reader.string("end_of_word_suffix", default: "")
        guard alphabet == .bytes || text.isEmpty, let bytes = ByteAlphabet.bytes(of: text) else {
            throw reader.failure(
                "end_of_word_suffix",
                "\(text.quoted()) is not supported; supported is one in the byte alphabet, where the "
                    + "pre_tokenizer is \"ByteLevel\""
            )
        }
        return bytes
    }

    /// The bytes of a token that `tokenizer.json` spells so; `nil` if it cannot be of the alphabet.
    static func bytes(of spelling: String, _ alphabet: Alphabet) -> [UInt8]? {
        switch alphabet {
        case .bytes: ByteAlphabet.bytes(of: spelling)
        case .characters: Array(spelling.utf8)
        }
    }

    /// How `tokenizer.json` spells a token.
    func spelling(of token: [UInt8]) -> String {
        switch alphabet {
        case .bytes: ByteAlphabet.spelling(of: token)
        case .characters: String(decoding: token, as: UTF8.self)
        }
    }
}
