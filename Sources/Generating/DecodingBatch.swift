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
    private let cache: KeyValueCache

    /// Prefills the rows, whose beginnings may differ in length and be empty.
    package init(_ model: any LanguageModel, reading beginnings: [[TokenID]]) {
        self.model = model
        cache = Self.read(beginnings, model)
    }

    /// Adds rows.
    package func add(_ beginnings: [[TokenID]]) {
        cache.append(rowsOf: Self.read(beginnings, model))
    }

    /// Keeps the rows with these numbers, in this order.
    package func keep(_ rows: [Int]) {
        cache.keep(rows: rows)
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
