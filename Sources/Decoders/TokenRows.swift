internal import Tensors

// B rows, T positions.

/// Rows of token ids for one forward pass, padded on the right.
///
/// No token attends to padding, and what a model says there means nothing.
package struct TokenRows: Sendable, Equatable {
    /// The number of tokens of each row.
    package let counts: [Int]
    /// T, the number of tokens of the longest row, at least 1.
    package let width: Int
    /// [B, T], row by row.
    package let tokens: [Int]

    /// Pads rows that may be empty.
    package init(_ rows: [[Int]], padding: Int = 0) {
        let width = max(1, rows.map(\.count).max() ?? 0)
        counts = rows.map(\.count)
        self.width = width
        tokens = rows.flatMap { $0 + Array(repeating: padding, count: width - $0.count) }
    }

    /// Rows [B, T] without padding, or whose padding is read as tokens.
    package init(_ tokens: [Int], rows: Int) {
        precondition(rows > 0 && tokens.count % rows == 0, "rows have one length")
        width = tokens.count / rows
        counts = Array(repeating: width, count: rows)
        self.tokens = tokens
    }

    /// The tokens of one row, without padding.
    package subscript(row: Int) -> ArraySlice<Int> {
        tokens[row * width..<row * width + counts[row]]
    }

    /// The tokens as int64 [B, T].
    var tensor: Tensor { Tensor(tokens, [counts.count, width]) }
}
