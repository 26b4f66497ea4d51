/// Finds the equivalent of another vocabulary's token: by its meaning, its text, or the tokens of
/// its text.
struct TokenFinder {
    private let tokenizer: Tokenizer
    /// Added tokens by the bytes of their strings.
    private var added: [[UInt8]: TokenID] = [:]
    /// Text tokens by the bytes that they add to a text, without byte tokens.
    private var texts: [[UInt8]: TokenID] = [:]
    /// Byte tokens, such as `<0x0A>`, by their byte.
    private var bytes: [[UInt8]: TokenID] = [:]

    /// Of two equal tokens, the one with the lower id counts.
    init(_ tokenizer: Tokenizer) {
        self.tokenizer = tokenizer
        for (id, spelling) in tokenizer.spellings where id < tokenizer.space.count {
            let bytes = Array(spelling.utf8)
            added[bytes] = min(id, added[bytes] ?? id)
        }
        for id in tokenizer.space.text.ranges.joined() where tokenizer.spellings[id] == nil {
            let (piece, isByte) = tokenizer.piece(of: id)
            if isByte {
                bytes[piece] = bytes[piece] ?? id
            } else {
                texts[piece] = texts[piece] ?? id
            }
        }
    }

    /// The equivalent of the token `id` of `other`: the same image code, special token or text.
    func token(like id: TokenID, of other: Tokenizer) -> TokenID? {
        switch other.space.kind(of: id) {
        case .text where other.spellings[id] == nil:
            let (piece, isByte) = other.piece(of: id)
            return isByte ? bytes[piece] ?? texts[piece] : texts[piece] ?? bytes[piece]
        case .image(let code):
            let image = tokenizer.space.image
            return code < image.count ? image.lowerBound + code : nil
        case .specialToken(let specialToken):
            if let own = tokenizer.space.specialTokens[specialToken] { return own }
        case .text, .unused: break
        }
        return other.spellings[id].flatMap { added[Array($0.utf8)] }
    }

    /// The text tokens of the text of `id` in `other`; none for image codes and special tokens.
    func pieces(of id: TokenID, in other: Tokenizer) -> [TokenID] {
        switch other.space.kind(of: id) {
        case .text where other.spellings[id] == nil:
            return pieces(of: other.piece(of: id).bytes)
        case .image, .specialToken: return []
        case .text, .unused:
            // A token that plain text cannot spell may stand for its letters all the same.
            guard let token = other.addedTokens.first(where: { $0.id == id }), !token.isSpecial
            else { return [] }
            return pieces(of: token.bytes)
        }
    }

    /// The tokens of some bytes, which need not be whole characters.
    private func pieces(of text: [UInt8]) -> [TokenID] {
        guard !text.isEmpty else { return [] }
        let model = tokenizer.model
        guard String(validating: text, as: UTF8.self) != nil else {
            return text.compactMap { model.byteTokens[Int($0)] }
        }
        let spelled =
            model.alphabet == .bytes
            ? text : text.flatMap { $0 == UInt8(ascii: " ") ? Metaspace.bytes : [$0] }
        var tokens: [TokenID] = []
        tokenizer.withEncoder { $0.encode(spelled[...], into: &tokens) }
        return tokens
    }
}
