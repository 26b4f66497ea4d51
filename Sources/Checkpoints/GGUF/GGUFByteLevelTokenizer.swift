import Basics

/// The byte-level BPE tokenizer of a GGUF file, `tokenizer.ggml.model` = `gpt2`.
struct GGUFByteLevelTokenizer {
    /// The members of `tokenizer.json` that say how text becomes tokens.
    let json: JSON.Object

    init(_ metadata: GGUFMetadata, _ tokens: GGUFTokens) throws(GGUFError) {
        let mergesKey = "tokenizer.ggml.merges"
        guard let merges = try metadata.strings(mergesKey) else {
            throw metadata.failure(mergesKey, "is missing")
        }
        let pre = try GGUFPreTokenizer.of(metadata)
        func isAdded(_ id: Int) -> Bool {
            [.control, .unknown, .userDefined].contains(tokens.kinds[id])
        }
        var vocabulary = JSON.Object()
        for (id, spelling) in tokens.spellings.enumerated() {
            let entry = isAdded(id) ? spelling : Self.inAlphabet(spelling)
            guard vocabulary[entry] == nil else {
                throw metadata.failure(
                    GGUFTokens.tokensKey,
                    "two tokens are spelled \(entry.quoted()) in bytes"
                )
            }
            vocabulary[entry] = .integer(id)
        }
        json = [
            "added_tokens": tokens.addedTokens(isAdded),
            "normalizer": pre.normalizer,
            "pre_tokenizer": pre.json,
            "post_processor": try tokens.postProcessor(beginsByDefault: pre.beginsByDefault),
            "decoder": GGUFPreTokenizer.byteLevel(usesRegex: true),
            "model": [
                "type": "BPE", "dropout": .null, "unk_token": .null,
                "continuing_subword_prefix": .null, "end_of_word_suffix": .null,
                "fuse_unk": false, "byte_fallback": false,
                "ignore_merges": .bool(pre.ignoresMerges),
                "vocab": .object(vocabulary),
                "merges": .array(merges.map(JSON.string)),
            ],
        ]
    }

    /// A token in the byte alphabet; one that has other characters is spelled by its bytes.
    private static func inAlphabet(_ spelling: String) -> String {
        if spelling.unicodeScalars.allSatisfy({ byte(of: $0) != nil }) { return spelling }
        var text = ""
        for byte in spelling.utf8 { text.unicodeScalars.append(scalars[Int(byte)]) }
        return text
    }

    private static func byte(of scalar: Unicode.Scalar) -> UInt8? {
        if scalar.value < 0x100 {
            return isVisible(scalar.value) ? UInt8(scalar.value) : nil
        }
        return bytesOfOthers[scalar]
    }

    /// Visible characters of Latin-1 stand for themselves, the other bytes for U+0100 and on.
    private static func isVisible(_ value: UInt32) -> Bool {
        (0x21...0x7E).contains(value) || (0xA1...0xAC).contains(value)
            || (0xAE...0xFF).contains(value)
    }

    private static let scalars: [Unicode.Scalar] = {
        var next: UInt8 = 0
        return (UInt8.min...UInt8.max).map { byte in
            if isVisible(UInt32(byte)) { return Unicode.Scalar(byte) }
            defer { next += 1 }
            return Unicode.Scalar(UInt16(0x100) + UInt16(next)) ?? "\u{FFFD}"
        }
    }()

    private static let bytesOfOthers: [Unicode.Scalar: UInt8] = Dictionary(
        uniqueKeysWithValues: scalars.enumerated().filter { $0.element.value > 0xFF }
            .map { ($0.element, UInt8($0.offset)) }
    )
}
