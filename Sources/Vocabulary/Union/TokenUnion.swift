package import Basics

/// One vocabulary that has the tokens of two, and which rows of either's tables stand for each.
///
/// The text parent's tokens keep their ids, and its tokenizer splits texts as before. After them
/// stand the image parent's image codes, special tokens and other added tokens that it lacks, and at the
/// end the rows that no token uses. The image parent's own pieces of text are not taken over: no
/// text would ever be split into them.
package struct TokenUnion: Sendable, Equatable {
    /// The `tokenizer.json` of the union; `nil` for the identity.
    package let json: JSON?
    /// The tokenizer that `json` describes.
    package let tokenizer: Tokenizer
    /// The tokens after the text parent's, by their spelling.
    package let appended: [String]
    /// The rows of the tables, the unused ones at the end included.
    package let rows: Int
    /// Which rows of the text parent's tables stand for each id.
    package let text: Side
    /// Which rows of the image parent's tables stand for each id.
    package let image: Side

    /// Joins two vocabularies, whose tables have `textRows` and `imageRows` rows.
    ///
    /// - Throws: `TokenUnionError` if both have image codes of unlike numbers; `JSONFieldError` if
    ///   the result would have too many ids.
    package init(
        _ text: Tokenizer,
        rows textRows: Int,
        json: JSON,
        with image: Tokenizer,
        rows imageRows: Int
    ) throws {
        let codes = (text.space.image.count, image.space.image.count)
        guard codes.0 == 0 || codes.1 == 0 || codes.0 == codes.1 else {
            throw TokenUnionError.imageCodes(text: codes.0, image: codes.1)
        }
        let added = text.tokensLacking(of: image)
        let json = Self.appending(added, to: json)
        self.json = json
        tokenizer = try Tokenizer(json: json, source: "the union of both tokenizer.json")
        appended = added.map(\.spelling)
        let padding = max(textRows - text.space.count, imageRows - image.space.count)
        rows = tokenizer.space.count + padding
        self.text = Side(keeping: text, rows: textRows, in: tokenizer, rows: rows)
        self.image = Side(matching: image, rows: imageRows, in: tokenizer, rows: rows)
    }

    /// The identity: the vocabulary of two parents that share a tokenizer, whose tables have `rows`
    /// rows.
    package init(sharing tokenizer: Tokenizer, rows: Int) {
        json = nil
        self.tokenizer = tokenizer
        appended = []
        self.rows = rows
        text = Side(identityOf: rows, tokens: tokenizer.space.count)
        image = text
    }

    /// Whether each row of both tables stands for the id of the same number.
    package var isIdentity: Bool { json == nil }

    /// Whether the row `id` of a table that both share is the text parent's: always where it has
    /// such a row, unless the row is that of an image code.
    package func isOfText(_ id: Int) -> Bool {
        image.has(id) ? text.has(id) && !tokenizer.space.image.contains(id) : true
    }

    private static func appending(_ tokens: [AddedToken], to json: JSON) -> JSON {
        guard case .object(var file) = json, !tokens.isEmpty else { return json }
        var elements: [JSON] = []
        if case .array(let own)? = file["added_tokens"] { elements = own }
        file["added_tokens"] = .array(elements + tokens.map(\.json))
        return .object(file)
    }
}

extension Tokenizer {
    /// What of `image` this vocabulary lacks, with ids after its last: image codes in their order,
    /// then the other tokens that stand outside the byte pairs in the order of their ids.
    fileprivate func tokensLacking(of image: Tokenizer) -> [AddedToken] {
        let finder = TokenFinder(self)
        let codes = space.image.isEmpty ? Array(image.space.image) : []
        let others = image.spellings.keys.filter {
            !image.space.image.contains($0) && finder.token(like: $0, of: image) == nil
        }
        let known = Dictionary(uniqueKeysWithValues: image.addedTokens.map { ($0.id, $0) })
        return (codes + others.sorted()).enumerated().map { order, id in
            let (spelling, own) = (image.spellings[id] ?? "", space.count + order)
            return known[id]?.renumbered(own) ?? AddedToken(id: own, spelling: spelling)
        }
    }
}

/// Why two vocabularies cannot be joined.
package enum TokenUnionError: UserError, Equatable {
    /// Both have image codes, but of different image tokenizers.
    case imageCodes(text: Int, image: Int)

    /// The parents' data.
    package var exitCode: ExitCode { .data }

    /// What was found and what to do.
    package var description: String {
        switch self {
        case .imageCodes(let text, let image):
            "--vocabulary union: the text parent has \(text) image codes, the image parent "
                + "\(image); equal numbers, or a text parent without image codes, are expected"
        }
    }
}
