import Basics
import Tensors
import Testing

/// Attention to cached keys, query by query, against torch's.
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

    /// The keys and values of each row, of [B, K, S, W].
    private func rows(of keys: Tensor, _ values: Tensor) -> [(keys: Tensor, values: Tensor)] {
        func copy(_ all: Tensor, _ row: Int) -> Tensor {
            let copy = Tensor.zeros(Array(all.shape.dropFirst()))
            copy.copy(from: all.narrowed(0, row..<row + 1).reshaped(copy.shape))
            return copy
        }
        return (0..<keys.size(0)).map { (copy(keys, $0), copy(values, $0)) }
    }

    /// `queries` [B, H, T, W] attend to `keys` and `values` [B, K, S, W], without rotation → [B, H, T, W].
    private func attended(
        _ queries: Tensor,
        _ keys: Tensor,
        _ values: Tensor,
        _ mask: AttentionMask
    ) -> Tensor {
        let (count, width) = (queries.size(2), queries.size(3))
        let mixed = queries.transposed(1, 2).flattened(from: 2).attended(
            to: rows(of: keys, values),
            positions: keys.size(2),
            rotation: nil,
            mask: mask
        )
        return mixed.reshaped([queries.size(0), count, -1, width]).transposed(1, 2)
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
                    let own = attended(q, k, v, mask)
                    let torch = Tensor.attention(q, k, v, mask: mask)
                    let differences = try zip(own.floats(), torch.floats()).map { abs($0 - $1) }
                    #expect(differences.max() ?? 1 < 1e-5)
                    for query in 0..<shape.queries {
                        let range = query..<query + 1
                        // Positions that it does not attend to need not be there.
                        let end = mask.isFull ? shape.keys : first + query + 1
                        let alone = attended(
                            q.narrowed(2, range),
                            k.narrowed(2, 0..<end),
                            v.narrowed(2, 0..<end),
                            mask.isExplicit
                                ? .explicit(explicit.narrowed(2, range).narrowed(3, 0..<end))
                                : .full
                        )
                        let (one, among) = try (bits(alone), bits(own.narrowed(2, range)))
                        #expect(one == among, "query \(query)")
                    }
                }
            }
        }
    }
}

extension AttentionTests {
    /// Prevents tokens that are rotated by others' angles, keys of one row in another's place, and heads
    /// whose last elements are lost where only the first are rotated.
    @Test("Keys are remembered, and attended to, as in one pass", arguments: [8, 4])
    func remembering(pairs: Int) throws {
        try withTorchErrors { () throws in
            try withoutGradients { () throws in
                let (rows, heads, keyHeads, tokens, width) = (2, 6, 2, 5, 16)
                let q = random([rows, tokens, heads * width], 1)
                let k = random([rows, tokens, keyHeads * width], 2)
                let v = random([rows, tokens, keyHeads * width], 3)
                func split(_ x: Tensor) -> Tensor { x.reshaped([rows, tokens, -1, width]) }
                func rotation(_ count: Int) -> Tensor.Rotation {
                    .init(
                        cosines: random([count, pairs], 4),
                        sines: random([count, pairs], 5)
                    )
                }
                // The whole pass, each row from the first position on.
                for all in [rotation(tokens), rotation(rows * tokens)] {
                    let expected = Tensor.attention(
                        split(q).rotated(by: all).transposed(1, 2),
                        split(k).rotated(by: all).transposed(1, 2),
                        split(v).transposed(1, 2),
                        mask: .causal
                    ).transposed(1, 2).flattened(from: 2)
                    for starts in [[0, 0], [3, 1]] {
                        // Rows may differ in their room.
                        let cached = [9, 8].map {
                            (
                                keys: Tensor.zeros([keyHeads, $0, width]),
                                values: Tensor.zeros([keyHeads, $0, width])
                            )
                        }
                        Tensor.remember(
                            keys: k,
                            values: v,
                            rotation: all,
                            in: cached,
                            startingAt: starts
                        )
                        for row in 0..<rows {
                            let end = starts[row] + tokens
                            let mask = (0..<tokens).flatMap { query in
                                (0..<end).map {
                                    $0 >= starts[row] && $0 <= starts[row] + query
                                }
                            }
                            let isShared = all.cosines.size(0) == tokens
                            let rotation = Tensor.Rotation(
                                cosines: isShared
                                    ? all.cosines
                                    : all.cosines.narrowed(0, row * tokens..<(row + 1) * tokens),
                                sines: isShared
                                    ? all.sines
                                    : all.sines.narrowed(0, row * tokens..<(row + 1) * tokens)
                            )
                            let found = q.narrowed(0, row..<row + 1).attended(
                                to: [cached[row]],
                                positions: end,
                                rotation: rotation,
                                mask: .explicit(Tensor(mask, [1, 1, tokens, end]))
                            )
                            let differences = try zip(
                                found.floats(),
                                expected.narrowed(0, row..<row + 1).floats()
                            ).map { abs($0 - $1) }
                            #expect(differences.max() ?? 1 < 1e-5)
                        }
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
                    let y = try attended(ones, k, ones, .causal).floats()
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
