internal import Basics
internal import CConversions
internal import Synchronization

extension BankReader {
    /// The rows that one core takes at a time.
    static let pieceRows = 16_384
    /// The rows whose scores are looked at together: they stay in the nearest cache.
    static let blockRows = 16 * CC_SCORE_ROWS
    /// The queries that go through the bank together; their numbers stay in a core's cache.
    static let queriesAtOnce = 128

    /// Finds the documents whose vectors have the largest inner products with each query.
    ///
    /// The search is exact: every vector is multiplied by every query, in float32. Equal scores are
    /// in the order of the documents; the answer depends neither on the number of cores nor on the
    /// other queries.
    ///
    /// - Parameters:
    ///   - queries: [Q, W], of any length.
    ///   - limit: how many documents, from 1 to ``count``.
    /// - Returns: [Q, limit], the nearest first.
    /// - Throws: `BankError` for queries or a limit that cannot be, or a damaged bank.
    package func nearest(to queries: [[Float]], limit: Int) throws -> [[Neighbor]] {
        guard count > 0 else { throw BankError.empty(path: path) }
        guard limit >= 1, limit <= count else {
            throw BankError.neighbors(asked: limit, count: count)
        }
        for (index, query) in queries.enumerated() {
            guard query.count == width else {
                let name = "query \(index)"
                throw BankError.width(vector: name, found: query.count, expected: width)
            }
            // A score is at most the length: so far below the largest number it stays one.
            let length = query.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
            guard length < 1e37 else { throw BankError.notFinite(vector: "query \(index)") }
        }
        return try queries.inChunks(of: Self.queriesAtOnce) { try search($0, limit) }
    }

    private func search(_ queries: [[Float]], _ limit: Int) throws -> [[Neighbor]] {
        let panels = QueryPanels(queries, width: width)
        let pieces = (count + Self.pieceRows - 1) / Self.pieceRows
        let empty = [BestNeighbors](repeating: BestNeighbors(limit: limit), count: queries.count)
        let best = Mutex(empty)
        let problem = "holds vectors that are not finite"
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

    /// Scores rows in blocks and keeps the best; false where a score is no finite number.
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

/// Queries side by side, as the kernel takes them: [panels, W, lanes], the last filled with zeros.
private struct QueryPanels: Sendable {
    /// The number of panels.
    let count: Int
    let numbers: [Float]

    /// The queries of all panels, with those of zeros.
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
