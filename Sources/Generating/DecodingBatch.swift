package import Decoders
internal import Layers
package import Tensors
package import Vocabulary

// R rows, S width of the states that the head reads.

/// Token sequences that a model continues side by side, one forward pass a token for all of them.
///
/// Rows may begin at different times and leave when they are done. They end at the same place: a
/// shorter one has padding on its left that nothing attends to.
package final class DecodingBatch {
    private let model: any LanguageModel
    private let cache: KeyValueCache

    /// Reads the beginnings of the rows, which may be of unequal length and empty.
    package init(_ model: any LanguageModel, reading beginnings: [[TokenID]]) {
        self.model = model
        let length = beginnings.map(\.count).max() ?? 0
        cache = Self.read(beginnings, endingAt: length, model)
    }

    /// Adds rows that begin with `beginnings`, none of them longer than the longest row.
    package func add(_ beginnings: [[TokenID]]) {
        cache.append(rowsOf: Self.read(beginnings, endingAt: cache.length, model))
    }

    /// Keeps the rows with these numbers, in this order.
    package func keep(_ rows: [Int]) {
        cache.keep(rows: rows)
    }

    /// Continues each row by one token and returns the states [R, S] there.
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
