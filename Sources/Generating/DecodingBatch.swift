package import Decoders
internal import Layers
package import Tensors
package import Vocabulary

// R rows, S width of the hidden states.

/// Token sequences that a model continues together, with one forward pass a token.
///
/// Rows may differ in length, and can be added and dropped at any time.
package final class DecodingBatch {
    private let model: any LanguageModel
    /// `nil` before the first rows.
    private var cache: KeyValueCache?

    /// A batch without rows.
    package init(_ model: any LanguageModel) { self.model = model }

    /// Prefills the rows, whose beginnings may differ in length and be empty.
    package convenience init(_ model: any LanguageModel, reading beginnings: [[TokenID]]) {
        self.init(model)
        add(beginnings)
    }

    /// Adds rows that were read behind the others.
    func add(rowsOf read: KeyValueCache) {
        guard let cache else { return cache = read }
        cache.append(rowsOf: read)
    }

    /// Reads the beginnings of rows and adds them behind the others.
    package func add(_ beginnings: [[TokenID]]) {
        let read = KeyValueCache()
        _ = model.hiddenStates(TokenRows(beginnings), cache: read)
        add(rowsOf: read)
    }

    /// The present moment of a row, to which a copy of it can go back.
    func checkpoint(row: Int) -> KeyValueCache.Checkpoint? { cache?.checkpoint(row: row) }

    /// Puts what was read of a row, its `tokens`, into `prefixes`.
    func remember(
        _ row: Int,
        _ tokens: [TokenID],
        _ promptEnd: KeyValueCache.Checkpoint?,
        in prefixes: PrefixCache
    ) throws {
        guard let cache else { return }
        try prefixes.remember(
            tokens,
            byteCount: cache.byteCount(ofRow: row),
            [promptEnd, cache.checkpoint(row: row)].compactMap(\.self)
        ) { try withTorchErrors { cache.copy(ofRow: row) } }
    }

    /// Keeps the rows with these numbers, in this order.
    package func keep(_ rows: [Int]) {
        guard !rows.isEmpty else { return cache = nil }
        cache?.keep(rows: rows)
    }

    /// Continues each row by one token.
    ///
    /// - Returns: the hidden states [R, S] of these tokens.
    package func hiddenStates(continuing tokens: [TokenID]) -> Tensor {
        // [R, 1, S]
        let hiddenStates = model.hiddenStates(TokenRows(tokens, rows: tokens.count), cache: cache)
        return hiddenStates.reshaped([tokens.count, -1])
    }
}
