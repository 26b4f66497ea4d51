import Basics

extension BPEModel {
    /// Reads a `model` of type `BPE`; its entries that are added tokens are not text.
    init(_ reader: JSONReader, _ alphabet: Alphabet, addedTokens: [AddedToken])
        throws(JSONFieldError)
    {
        // Without a type, `tokenizers` takes what has a vocabulary and merges for BPE.
        if reader.has("type") { try reader.require("type", "BPE") }
        let affix = "continuing_subword_prefix"
        let prefix = try reader.string(affix, default: "")
        guard prefix.isEmpty else {
            throw reader.failure(affix, "\(prefix.quoted()) is not supported; supported is none")
        }
        let endOfWordSuffix = try Self.endOfWordSuffix(reader, alphabet)
        let dropout = try reader.number("dropout", default: 0)
        guard dropout == 0 else {
            throw reader.failure("dropout", "\(dropout) is not supported; supported is none")
        }
        let fallsBack = try reader.bool("byte_fallback", default: false)
        let vocabulary = try VocabularyReader(
            reader,
            alphabet,
            endOfWordSuffix: endOfWordSuffix,
            addedTokens: addedTokens
        )
        var settings = reader.object
        settings["vocab"] = nil
        settings["merges"] = nil
        settings["type"] = "BPE"
        self.init(
            alphabet: alphabet,
            fallsBack: fallsBack,
            unknown: try Self.unknown(reader),
            endOfWordSuffix: endOfWordSuffix,
            tokens: vocabulary.tokens,
            merges: try vocabulary.readMerges(),
            ignoresMerges: try reader.bool("ignore_merges", default: false),
            reserved: vocabulary.reserved,
            settings: settings
        )
    }

    /// Reads `unk_token` and `fuse_unk`.
    ///
    /// A token that the vocabulary lacks counts as none: the reference opens such a file, and fails
    /// at the first text that needs it.
    private static func unknown(_ reader: JSONReader) throws(JSONFieldError) -> Unknown? {
        let isFused = try reader.bool("fuse_unk", default: false)
        guard reader.has("unk_token") else { return nil }
        let spelling = try reader.string("unk_token")
        guard case .object(let vocabulary)? = reader.object["vocab"],
            case .integer(let id)? = vocabulary[spelling]
        else { return nil }
        return Unknown(token: id, isFused: isFused)
    }

    /// Reads `end_of_word_suffix`.
    private static func endOfWordSuffix(_ reader: JSONReader, _ alphabet: Alphabet)
        throws(JSONFieldError)
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

    /// The bytes of a token's string in `tokenizer.json`; `nil` if it is not of the alphabet.
    static func bytes(of spelling: String, _ alphabet: Alphabet) -> [UInt8]? {
        switch alphabet {
        case .bytes: ByteAlphabet.bytes(of: spelling)
        case .characters: Array(spelling.utf8)
        }
    }

    /// The string of a token in `tokenizer.json`.
    func spelling(of token: [UInt8]) -> String {
        switch alphabet {
        case .bytes: ByteAlphabet.spelling(of: token)
        case .characters: String(decoding: token, as: UTF8.self)
        }
    }
}
