package import Basics

/// A vocabulary with the tokens of two, and the rows of their tables for each id.
///
/// The text parent's ids and its pre-tokenizer are kept. After its tokens come the image parent's
/// image codes, special tokens and other added tokens that it lacks, then special tokens that
/// neither parent has, and then unused rows. The image parent's text tokens are not added: no text
/// would be encoded with them.
package struct TokenUnion: Sendable, Equatable {
    /// The `tokenizer.json` of the union; `nil` for the identity.
    package let json: JSON?
    /// Whether the parents have two tokenizers.
    package let isUnion: Bool
    package let tokenizer: Tokenizer
    /// The strings of the tokens after the text parent's.
    package let appended: [String]
    /// The strings of special tokens that neither parent had.
    package let added: [String]
    /// The rows of these tokens, which are in neither parent's tables.
    package let addedRows: Range<TokenID>
    /// The number of rows of the tables, unused ones included.
    package let rows: Int
    package let text: Side
    package let image: Side

    /// Joins two vocabularies, whose tables have `textRows` and `imageRows` rows, and adds what both
    /// lack of the special tokens `needed`.
    ///
    /// - Throws: `TokenUnionError` if both have image codes, but not equally many; `JSONFieldError`
    ///   if the result would have too many ids.
    package init(
        _ text: Tokenizer,
        rows textRows: Int,
        json: JSON,
        with image: Tokenizer,
        rows imageRows: Int,
        needed: [TokenSpace.SpecialToken] = []
    ) throws {
        let codes = (text.space.image.count, image.space.image.count)
        guard codes.0 == 0 || codes.1 == 0 || codes.0 == codes.1 else {
            throw TokenUnionError.imageCodes(text: codes.0, image: codes.1)
        }
        let lacking = text.tokensLacking(of: image)
        let joined = Self.appending(lacking, to: json, below: text.space.count)
        func read(_ json: JSON) throws -> Tokenizer {
            try Tokenizer(
                json: json,
                source: "the union of both tokenizer.json",
                specialTokensMap: text.specialTokensMap
            )
        }
        let union = try read(joined)
        let added = union.tokens(lackingOf: needed)
        let json = Self.appending(added, to: joined, below: union.space.count)
        self.json = json
        tokenizer = added.isEmpty ? union : try read(json)
        isUnion = true
        appended = lacking.map(\.spelling)
        self.added = added.map(\.spelling)
        addedRows = union.space.count..<tokenizer.space.count
        let padding = max(textRows - text.space.count, imageRows - image.space.count)
        rows = tokenizer.space.count + padding
        self.text = Side(keeping: text, rows: textRows, in: tokenizer, rows: rows)
        self.image = Side(matching: image, rows: imageRows, in: tokenizer, rows: rows)
    }

    /// The vocabulary of two parents that share a tokenizer, whose tables have `rows` rows: the
    /// identity, unless the tokenizer lacks some of the special tokens `needed`.
    package init(
        sharing shared: Tokenizer,
        rows: Int,
        json: JSON,
        needed: [TokenSpace.SpecialToken] = []
    ) throws {
        isUnion = false
        appended = []
        let added = shared.tokens(lackingOf: needed)
        self.added = added.map(\.spelling)
        guard !added.isEmpty else {
            self.json = nil
            tokenizer = shared
            self.rows = rows
            addedRows = shared.space.count..<shared.space.count
            text = Side(identityOf: rows, tokens: shared.space.count)
            image = text
            return
        }
        let json = Self.appending(added, to: json, below: shared.space.count)
        self.json = json
        tokenizer = try Tokenizer(
            json: json,
            source: "tokenizer.json with added tokens",
            specialTokensMap: shared.specialTokensMap
        )
        addedRows = shared.space.count..<tokenizer.space.count
        self.rows = rows + addedRows.count
        text = Side(keeping: shared, rows: rows, in: tokenizer, rows: self.rows)
        image = text
    }

    /// Whether each row of both tables stands for the id of the same number.
    package var isIdentity: Bool { json == nil }

    /// Whether the row `id` of a shared table comes from the text parent: wherever it has one,
    /// except for image codes.
    package func isOfText(_ id: Int) -> Bool {
        image.has(id) ? text.has(id) && !tokenizer.space.image.contains(id) : true
    }

    /// The file with more added tokens, and without its own from `rows` on.
    private static func appending(
        _ tokens: [AddedToken],
        to json: JSON,
        below rows: Int
    ) -> JSON {
        guard case .object(var file) = json, !tokens.isEmpty else { return json }
        var elements: [JSON] = []
        if case .array(let own)? = file["added_tokens"] {
            elements = own.filter { element in
                guard case .object(let token) = element, case .integer(let id)? = token["id"] else {
                    return true
                }
                return id < rows
            }
        }
        file["added_tokens"] = .array(elements + tokens.map(\.json))
        return .object(file)
    }
}

extension Tokenizer {
    /// The special tokens of `needed` that this vocabulary lacks, with new ids; a text token of the
    /// same string becomes one, as in `tokenizers`.
    fileprivate func tokens(lackingOf needed: [TokenSpace.SpecialToken]) -> [AddedToken] {
        let lacking = needed.filter { space.specialTokens[$0] == nil }.map(\.spelling)
        guard !lacking.isEmpty else { return [] }
        var known: [String: TokenID] = [:]
        for id in 0..<space.count {
            guard let spelling = spelling(of: id), lacking.contains(spelling) else { continue }
            known[spelling] = known[spelling] ?? id
        }
        var next = space.count
        return lacking.map { spelling in
            if let id = known[spelling] { return AddedToken(id: id, spelling: spelling) }
            defer { next += 1 }
            return AddedToken(id: next, spelling: spelling)
        }
    }

    /// The tokens of `image` that this vocabulary lacks, with new ids: image codes in order, then
    /// other added tokens by id.
    ///
    /// Those that are text are left out, as other text is: this vocabulary splits it in its own way.
    fileprivate func tokensLacking(of image: Tokenizer) -> [AddedToken] {
        let finder = TokenFinder(self)
        let codes = space.image.isEmpty ? Array(image.space.image) : []
        let others = image.spellings.keys.filter {
            $0 < image.space.count && !image.space.image.contains($0)
                && !image.space.text.contains($0) && finder.token(like: $0, of: image) == nil
        }
        let known = Dictionary(uniqueKeysWithValues: image.addedTokens.map { ($0.id, $0) })
        return (codes + others.sorted()).enumerated().map { order, id in
            let (spelling, own) = (image.spellings[id] ?? "", space.count + order)
            return known[id]?.renumbered(own) ?? AddedToken(id: own, spelling: spelling)
        }
    }
}

package enum TokenUnionError: UserError, Equatable {
    case imageCodes(text: Int, image: Int)

    package var kind: ErrorKind { .malformedInput }

    package var description: String {
        switch self {
        case .imageCodes(let text, let image):
            "the text parent has \(text) image codes, the image parent \(image); a union needs equal "
                + "numbers, or a text parent without image codes"
        }
    }
}
