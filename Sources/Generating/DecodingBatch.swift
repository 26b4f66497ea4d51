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

    /// Rows that were read and are in no batch yet.
    struct ReadRows {
        fileprivate let cache: KeyValueCache
    }

    /// Reads the beginnings of rows.
    func read(_ beginnings: [[TokenID]]) -> ReadRows {
        ReadRows(cache: Self.read(beginnings, model))
    }

    /// Adds rows behind the others.
    func add(_ rows: ReadRows) {
        guard let cache else { return cache = rows.cache }
        cache.append(rowsOf: rows.cache)
    }

    /// Reads rows and adds them behind the others.
    package func add(_ beginnings: [[TokenID]]) { add(read(beginnings)) }

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

    private static func read(_ beginnings: [[TokenID]], _ model: any LanguageModel) -> KeyValueCache
    {
        let cache = KeyValueCache()
        _ = model.hiddenStates(TokenRows(beginnings), cache: cache)
        return cache
    }
}
