package import Decoders
internal import Layers
package import Tensors
package import Vocabulary

// R rows, S width of the hidden states.

/// Token sequences that a model continues together, with one forward pass a token.
///
/// Rows can be added and dropped at any time. They are aligned at their ends: shorter ones are padded
/// on the left, and nothing attends to the padding.
package final class DecodingBatch {
    private let model: any LanguageModel
    private let cache: KeyValueCache

    /// Prefills the rows, whose beginnings may differ in length and be empty.
    package init(_ model: any LanguageModel, reading beginnings: [[TokenID]]) {
        self.model = model
        let length = beginnings.map(\.count).max() ?? 0
        cache = Self.read(beginnings, endingAt: length, model)
    }

    /// Adds rows; none of their beginnings is longer than the longest row.
    package func add(_ beginnings: [[TokenID]]) {
        cache.append(rowsOf: Self.read(beginnings, endingAt: cache.length, model))
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
        let hiddenStates = model.hiddenStates(Tensor(tokens, [tokens.count, 1]), cache: cache)
        return hiddenStates.reshaped([tokens.count, -1])
    }

    private static func read(
        _ beginnings: [[TokenID]],
        endingAt end: Int,
        _ model: any LanguageModel
    ) -> KeyValueCache {
        let longest = beginnings.map(\.count).max() ?? 0
        precondition(longest <= end, "a new row is longer than the others")
        let cache = KeyValueCache(
            leftPadding: beginnings.map { end - $0.count },
            startingAt: end - longest
        )
        guard longest > 0 else { return cache }
        let rows = beginnings.flatMap { Array(repeating: 0, count: longest - $0.count) + $0 }
        _ = model.hiddenStates(Tensor(rows, [beginnings.count, longest]), cache: cache)
        return cache
    }
}
