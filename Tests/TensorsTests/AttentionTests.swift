import Basics
import Tensors
import Testing

/// Attention query by query, against torch's.
@Suite struct AttentionTests {
    /// Sizes around those of the kernel's vectors and blocks.
    struct Shape: CustomTestStringConvertible {
        let rows, heads, keyHeads, queries, keys, width: Int

        var testDescription: String { "\(rows)·\(heads)/\(keyHeads)·\(queries)·\(keys)·\(width)" }
    }

    private static let shapes = [
        Shape(rows: 1, heads: 2, keyHeads: 2, queries: 1, keys: 1, width: 8),
        Shape(rows: 2, heads: 4, keyHeads: 2, queries: 4, keys: 4, width: 16),
        Shape(rows: 1, heads: 3, keyHeads: 1, queries: 5, keys: 21, width: 20),
        Shape(rows: 2, heads: 2, keyHeads: 1, queries: 11, keys: 33, width: 40),
        Shape(rows: 1, heads: 9, keyHeads: 3, queries: 66, keys: 66, width: 64),
    ]

    private func random(_ shape: [Int], _ seed: UInt64) -> Tensor {
        var generator = SeededGenerator(seed: seed)
        let count = shape.reduce(1, *)
        return Tensor((0..<count).map { _ in Float.random(in: -2...2, using: &generator) }, shape)
    }

    private func bits(_ tensor: Tensor) throws -> [UInt32] { try tensor.floats().map(\.bitPattern) }

    /// Prevents answers that depend on how their prompt was read: at once, in parts, or token by token.
    @Test("A query has the same bits alone and among others", arguments: shapes)
    func queriesAlone(shape: Shape) throws {
        try withTorchErrors { () throws in
            try withoutGradients { () throws in
                let q = random([shape.rows, shape.heads, shape.queries, shape.width], 1)
                let k = random([shape.rows, shape.keyHeads, shape.keys, shape.width], 2)
                let v = random([shape.rows, shape.keyHeads, shape.keys, shape.width], 3)
                // Each query attends to some of the positions up to its own, at least one.
                var generator = SeededGenerator(seed: 4)
                let first = shape.keys - shape.queries
                let mask = (0..<shape.rows).flatMap { _ in
                    (0..<shape.queries).flatMap { query in
                        let own = Int.random(in: 0...(first + query), using: &generator)
                        return (0..<shape.keys).map { key in
                            key == own
                                || key <= first + query && Bool.random(using: &generator)
                        }
                    }
                }
                let explicit = Tensor(mask, [shape.rows, 1, shape.queries, shape.keys])
                for mask in [.full, .explicit(explicit)]
                    + (first == 0 ? [AttentionMask.causal] : [])
                {
                    let own = Tensor.attention(q, k, v, mask: mask, isQueryByQuery: true)
                    let torch = Tensor.attention(q, k, v, mask: mask)
                    let differences = try zip(own.floats(), torch.floats()).map { abs($0 - $1) }
                    #expect(differences.max() ?? 1 < 1e-5)
                    for query in 0..<shape.queries {
                        let range = query..<query + 1
                        // Positions that it does not attend to need not be there.
                        let end = mask.isFull ? shape.keys : first + query + 1
                        let alone = Tensor.attention(
                            q.narrowed(2, range),
                            k.narrowed(2, 0..<end),
                            v.narrowed(2, 0..<end),
                            mask: mask.isExplicit
                                ? .explicit(explicit.narrowed(2, range).narrowed(3, 0..<end))
                                : .full,
                            isQueryByQuery: true
                        )
                        let (one, among) = try (bits(alone), bits(own.narrowed(2, range)))
                        #expect(one == among, "query \(query)")
                    }
                }
            }
        }
    }
}

/// Prevents a broken model that answers as if it were not.
extension AttentionTests {
    @Test("What is no number stays none, in the queries that attend to it")
    func notANumber() throws {
        try withTorchErrors { () throws in
            try withoutGradients { () throws in
                for bad in [Float.nan, .infinity] {
                    var keys = [Float](repeating: 0.5, count: 5 * 8)
                    keys[3 * 8] = bad
                    let k = Tensor(keys, [1, 1, 5, 8])
                    let ones = Tensor([Float](repeating: 1, count: 5 * 8), [1, 1, 5, 8])
                    let y = try Tensor.attention(
                        ones,
                        k,
                        ones,
                        mask: .causal,
                        isQueryByQuery: true
                    ).floats()
                    #expect(y[..<24].allSatisfy { $0 == 1 })
                    #expect(y[24...].allSatisfy { $0.isNaN })
                }
            }
        }
    }
}

extension AttentionMask {
    fileprivate var isFull: Bool { if case .full = self { true } else { false } }
    fileprivate var isExplicit: Bool { if case .explicit = self { true } else { false } }
}
