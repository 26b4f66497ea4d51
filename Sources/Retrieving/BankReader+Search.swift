internal import Basics
internal import CConversions
internal import Synchronization

extension BankReader {
    /// The rows per unit of parallel work.
    static let pieceRows = 16_384
    /// The rows whose scores are computed together, which fit the L1 cache.
    static let blockRows = 16 * CC_SCORE_ROWS
    /// The queries per pass over the bank, which fit a core's cache.
    static let queryBatchSize = 128

    /// Finds the documents with the largest inner products of embedding and query.
    ///
    /// The search is exact, in float32, and independent of the number of cores and of the other
    /// queries. Documents with equal scores keep their order.
    ///
    /// Queries are [Q, W], of any length; the results are [Q, limit], in descending order of the score.
    /// The limit is in 1...``count``.
    package func nearest(to queries: [[Float]], limit: Int) throws -> [[Neighbor]] {
        guard count > 0 else { throw BankError.empty(path: path) }
        guard limit >= 1, limit <= count else {
            throw BankError.limit(requested: limit, count: count)
        }
        for (index, query) in queries.enumerated() {
            guard query.count == width else {
                let name = "query \(index)"
                throw BankError.width(vector: name, found: query.count, expected: width)
            }
            // |score| ≤ ‖query‖, so it cannot overflow.
            let length = query.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
            guard length < 1e37 else { throw BankError.notFinite(vector: "query \(index)") }
        }
        return try queries.inChunks(of: Self.queryBatchSize) { try search($0, limit) }
    }

    private func search(_ queries: [[Float]], _ limit: Int) throws -> [[Neighbor]] {
        let panels = QueryPanels(queries, width: width)
        let pieces = (count + Self.pieceRows - 1) / Self.pieceRows
        let empty = [BestNeighbors](repeating: BestNeighbors(limit: limit), count: queries.count)
        let best = Mutex(empty)
        let problem = "has embeddings that are not finite"
        let damage = BankError.damaged(path: vectors.path, problem: problem)
        try inParallel(pieces) { piece in
            let start = piece * Self.pieceRows
            var own = empty
            let rows = start..<min(start + Self.pieceRows, self.count)
            guard self.scan(rows, panels, into: &own) else { throw damage }
            best.withLock { best in
                for query in own.indices { best[query].add(own[query]) }
            }
        }
        return best.withLock { best in
            best.indices.map { best[$0].sorted() }
        }
    }

    /// Scores rows in blocks and keeps the best; returns false if a score is not finite.
    private func scan(_ rows: Range<Int>, _ panels: QueryPanels, into best: inout [BestNeighbors])
        -> Bool
    {
        let lanes = panels.laneCount
        var thresholds = [Float](repeating: -.infinity, count: best.count)
        let stride = width + CC_SCORE_PADDING
        return withUnsafeTemporaryAllocation(
            of: Float.self,
            capacity: CC_SCORE_ROWS * stride + Self.blockRows * lanes
        ) { memory in
            let work = memory.baseAddress.unsafelyUnwrapped
            let scores = work + CC_SCORE_ROWS * stride
            let source = vectors.bytes.baseAddress.unsafelyUnwrapped
            var first = rows.lowerBound
            while first < rows.upperBound {
                let count = min(Self.blockRows, rows.upperBound - first)
                cc_scores_bfloat16(
                    source + first * width * 2,
                    count,
                    width,
                    panels.numbers,
                    panels.count,
                    work,
                    scores
                )
                for row in 0..<count {
                    for query in thresholds.indices {
                        let score = scores[row * lanes + query]
                        guard score.isFinite else { return false }
                        guard score >= thresholds[query] else { continue }
                        best[query].add(Neighbor(index: first + row, score: score))
                        thresholds[query] = best[query].threshold
                    }
                }
                first += count
            }
            return true
        }
    }
}

/// Queries in the layout of the kernel: [panels, W, lanes], the last panel padded with zeros.
private struct QueryPanels: Sendable {
    let count: Int
    let numbers: [Float]

    /// The number of queries, padding included.
    var laneCount: Int { count * Self.lanes }

    private static let lanes = CC_SCORE_LANES

    init(_ queries: [[Float]], width: Int) {
        let lanes = Self.lanes
        count = (queries.count + lanes - 1) / lanes
        var numbers = [Float](repeating: 0, count: count * width * lanes)
        for (index, query) in queries.enumerated() {
            let start = index / lanes * width * lanes + index % lanes
            for (place, number) in query.enumerated() { numbers[start + place * lanes] = number }
        }
        self.numbers = numbers
    }
}
