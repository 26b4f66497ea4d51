internal import Basics

extension Tokenizer {
    /// This tokenizer for a model with `rows` rows for tokens.
    ///
    /// Added tokens from `rows` on, such as a `<pad>` that somebody added to a tokenizer only, are
    /// then unused, and a warning says so. A tokenizer that needs more rows for its text, its image
    /// codes or the tokens around a sequence is returned unchanged: it belongs to another model.
    package func limited(to rows: Int) -> Tokenizer {
        let needed =
            documentPrefix + pipeline.postProcessor.suffix + model.reserved.keys
            + [model.tokens.count - 1, space.image.upperBound - 1]
        guard rows < space.count, needed.allSatisfy({ $0 < rows }) else { return self }
        let unused = addedTokens.filter { $0.id >= rows }
        let examples = unused.prefix(3).map { $0.spelling.quoted(40) }.joined(separator: ", ")
        let tokens = unused.count == 1 ? "1 token" : "\(unused.count) tokens"
        return Tokenizer(
            model: model,
            pipeline: pipeline,
            addedTokens: addedTokens,
            specialTokensMap: specialTokensMap,
            space: space.limited(to: rows),
            warnings: warnings + [
                "the model has \(rows) rows and none for \(tokens) of its tokenizer (\(examples)"
                    + "\(unused.count > 3 ? ", …" : "")); no text may need them"
            ]
        )
    }

    /// Refuses tokens that the model has no row for, see ``limited(to:)``.
    package func checkRows(for tokens: some Sequence<TokenID>) throws(TokenizerError) {
        guard let id = tokens.first(where: { $0 >= space.count }) else { return }
        throw .aboveRows(spelling: spelling(of: id) ?? "?", id: id, rows: space.count)
    }
}
