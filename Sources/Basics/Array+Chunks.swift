extension Array {
    /// Concatenates the results of `body` for each chunk of at most `count` elements.
    package func inChunks<Result>(
        of count: Int,
        _ body: ([Element]) throws -> [Result]
    ) rethrows -> [Result] {
        try stride(from: 0, to: self.count, by: count).flatMap {
            try body(Array(self[$0..<Swift.min($0 + count, self.count)]))
        }
    }
}
