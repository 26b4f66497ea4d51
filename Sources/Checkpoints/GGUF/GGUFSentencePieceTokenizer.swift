import Basics

/// The SentencePiece BPE tokenizer of a GGUF file, `tokenizer.ggml.model` = `llama`.
///
/// SentencePiece joins the pair with the best score first; `tokenizer.json` lists pairs in that
/// order, so the list is rebuilt from the scores, as in transformers' converter.
struct GGUFSentencePieceTokenizer {
    /// The members of `tokenizer.json` that say how text becomes tokens.
    let json: JSON.Object

    init(
        _ metadata: GGUFMetadata,
        _ tokens: GGUFTokens,
        mergesInOrder: Bool
    ) throws(GGUFError) {
        if try metadata.bool("tokenizer.ggml.remove_extra_whitespaces") == true {
            throw metadata.failure(
                "tokenizer.ggml.remove_extra_whitespaces",
                "true is not supported; false is"
            )
        }
        let pieces = tokens.spellings.map(Self.piece)
        // White space that is a token is found by merges, as other text is.
        func isAdded(_ id: Int) -> Bool {
            switch tokens.kinds[id] {
            case .unknown, .control: true
            case .userDefined: !Self.isWhiteSpace(pieces[id])
            case .normal, .unused, .byte: false
            }
        }
        let isText = tokens.kinds.indices.map { id in
            tokens.kinds[id] == .normal || tokens.kinds[id] == .userDefined && !isAdded(id)
        }
        var vocabulary = JSON.Object()
        for (id, piece) in pieces.enumerated() {
            guard vocabulary[piece] == nil else {
                throw metadata.failure(
                    GGUFTokens.tokensKey,
                    "two tokens are \(piece.quoted()) where spaces are written \"▁\""
                )
            }
            vocabulary[piece] = .integer(id)
        }
        let merges: [JSON]
        if let listed = try metadata.strings("tokenizer.ggml.merges") {
            merges = listed.map(JSON.string)
        } else {
            let ranks = try Self.ranks(metadata, count: pieces.count, inOrder: mergesInOrder)
            merges = try GGUFMerges(pieces, isText: isText, ranks: ranks, metadata).json
        }
        let addsPrefix = try metadata.bool("tokenizer.ggml.add_space_prefix") ?? true
        let unknown = try tokens.id("unknown_token_id")
        json = [
            "added_tokens": tokens.addedTokens(isAdded),
            "normalizer": Self.normalizer(addsPrefix: addsPrefix),
            "pre_tokenizer": .null,
            "post_processor": try tokens.postProcessor(beginsByDefault: true),
            "decoder": Self.decoder(stripsPrefix: addsPrefix),
            "model": [
                "type": "BPE", "dropout": .null,
                "unk_token": unknown.map { .string(pieces[$0]) } ?? .null,
                "continuing_subword_prefix": .null, "end_of_word_suffix": .null,
                "fuse_unk": true, "byte_fallback": true, "ignore_merges": false,
                "vocab": .object(vocabulary),
                "merges": .array(merges),
            ],
        ]
    }

    /// A token of spaces alone, which some files have as such, is written with "▁".
    private static func piece(_ spelling: String) -> String {
        guard spelling.utf8.contains(0x20), spelling.utf8.allSatisfy({ $0 == 0x20 }) else {
            return spelling
        }
        return String(repeating: "▁", count: spelling.utf8.count)
    }

    private static func isWhiteSpace(_ piece: String) -> Bool {
        !piece.isEmpty && piece.unicodeScalars.allSatisfy { "▁\n\t\r".unicodeScalars.contains($0) }
    }

    /// The score of each token: the higher, the earlier it is made.
    private static func ranks(
        _ metadata: GGUFMetadata,
        count: Int,
        inOrder: Bool
    ) throws(GGUFError) -> [Double] {
        if inOrder { return (0..<count).map { -Double($0) } }
        let key = "tokenizer.ggml.scores"
        guard let scores = try metadata.numbers(key) else {
            throw metadata.failure(key, "is missing")
        }
        guard scores.count == count, scores.allSatisfy({ !$0.isNaN }) else {
            throw metadata.failure(key, "\(count) numbers are expected, one for each token")
        }
        return scores
    }

    private static func normalizer(addsPrefix: Bool) -> JSON {
        let spaces: JSON = ["type": "Replace", "pattern": ["String": " "], "content": "▁"]
        guard addsPrefix else { return spaces }
        return ["type": "Sequence", "normalizers": [["type": "Prepend", "prepend": "▁"], spaces]]
    }

    private static func decoder(stripsPrefix: Bool) -> JSON {
        var steps: [JSON] = [
            ["type": "Replace", "pattern": ["String": "▁"], "content": " "],
            ["type": "ByteFallback"], ["type": "Fuse"],
        ]
        if stripsPrefix { steps.append(["type": "Strip", "content": " ", "start": 1, "stop": 0]) }
        return ["type": "Sequence", "decoders": .array(steps)]
    }
}
