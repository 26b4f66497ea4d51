import Basics
import Tensors
import Testing

/// Packed matrices against the same numbers as plain ones.
@Suite(.serialized) struct PackingTests {
    /// A kind of elements, with random numbers of it and what they stand for.
    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case float32, bfloat16, float16
        case int8, int8Groups, int8Minima, int4, int4Minima, int4LongScales

        var testDescription: String { rawValue }
    }

    struct Sample {
        let packed: Tensor
        /// Row by row.
        let elements: [Float]
    }

    private static func sample(_ kind: Kind, rows: Int, columns: Int, seed: UInt64 = 7) -> Sample {
        var generator = SeededGenerator(seed: seed)
        func number() -> Float { Float.random(in: -1...1, using: &generator) }
        let shape = [rows, columns]
        let count = rows * columns
        func floats(_ type: ElementType, _ bits: (Float) -> UInt16, _ value: (UInt16) -> Float)
            -> Sample
        {
            let stored = (0..<count).map { _ in bits(number()) }
            let packed = stored.withUnsafeBytes { Tensor.packed($0, shape, type) }
            return Sample(packed: packed, elements: stored.map(value))
        }
        func integers(_ group: Int, _ range: ClosedRange<Int>, halfScales: Bool = true)
            -> (integers: [Int], scales: [Float], scaleOf: (Int) -> Int)
        {
            let groups = columns / group
            let scales = (0..<rows * groups).map { _ in
                halfScales ? Float(Float16(number() / 8)) : number() / 8
            }
            return (
                (0..<count).map { _ in Int.random(in: range, using: &generator) }, scales,
                { $0 / columns * groups + $0 % columns / group }
            )
        }
        switch kind {
        case .float32:
            let elements = (0..<count).map { _ in number() }
            let packed = elements.withUnsafeBytes { Tensor.packed($0, shape, .float32) }
            return Sample(packed: packed, elements: elements)
        case .bfloat16:
            return floats(.bfloat16, { UInt16($0.bitPattern >> 16) }) {
                Float(bitPattern: UInt32($0) << 16)
            }
        case .float16:
            // Subnormal ones, too.
            return floats(.float16, { Float16($0 * ($0 > 0 ? 1 : 1e-5)).bitPattern }) {
                Float(Float16(bitPattern: $0))
            }
        case .int8, .int8Groups, .int8Minima:
            let group = kind == .int8 ? columns : 16
            let made = integers(group, -128...127, halfScales: kind == .int8Groups)
            let minima = kind == .int8Minima ? made.scales.map { -3 * $0 } : nil
            return Sample(
                packed: .packed(
                    made.integers.map { Int8($0) },
                    shape,
                    groupSize: group,
                    scales: made.scales,
                    minima: minima
                ),
                elements: made.integers.indices.map { index in
                    let place = made.scaleOf(index)
                    let product = Float(made.integers[index]) * made.scales[place]
                    return minima.map { product + $0[place] } ?? product
                }
            )
        case .int4, .int4Minima, .int4LongScales:
            let made = integers(32, 0...15, halfScales: kind != .int4LongScales)
            let minima = kind == .int4Minima ? made.scales.map { -3 * $0 } : nil
            return Sample(
                packed: .packed(
                    nibbles: made.integers.map { UInt8($0) },
                    shape,
                    groupSize: 32,
                    scales: made.scales,
                    minima: minima
                ),
                elements: made.integers.indices.map { index in
                    let (integer, place) = (made.integers[index], made.scaleOf(index))
                    guard let minima else { return Float(integer - 8) * made.scales[place] }
                    return Float(integer) * made.scales[place] + minima[place]
                }
            )
        }
    }

    private func random(_ shape: [Int], seed: UInt64 = 3) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<shape.reduce(1, *)).map { _ in Float.random(in: -1...1, using: &generator) }
    }

    /// Prevents elements in the wrong place, or with another scale, in the last panel and in groups.
    @Test("Elements are those that were packed", arguments: Kind.allCases)
    func elementsAreThoseThatWerePacked(_ kind: Kind) throws {
        for rows in [1, 16, 37] {
            let sample = Self.sample(kind, rows: rows, columns: 96)
            try withTorchErrors {
                #expect(sample.packed.shape == [rows, 96])
                #expect(try sample.packed.floats() == sample.elements)
                let chosen = [rows - 1, 0, rows / 2]
                let found = try sample.packed.rows(chosen)
                #expect(
                    found == chosen.flatMap { sample.elements[$0 * 96..<($0 + 1) * 96] }
                )
            }
        }
    }

    /// Prevents products that are not those of the plain matrix, with any number of rows.
    @Test("Products are those of the plain matrix", arguments: Kind.allCases)
    func productsAreThoseOfThePlainMatrix(_ kind: Kind) throws {
        let (rows, columns) = (75, 160)
        let sample = Self.sample(kind, rows: rows, columns: columns)
        try withTorchErrors {
            let bias = Tensor(random([rows], seed: 5), [rows])
            for count in [1, 2, 3, 7, 8, 9, 31] {
                let x = random([count, columns])
                let product = Tensor(x, [1, count, columns]).linear(sample.packed, bias: bias)
                let found = try product.floats()
                #expect(product.shape == [1, count, rows])
                let biases = try bias.floats()
                for row in 0..<count {
                    for out in 0..<rows {
                        var (sum, size) = (Double(biases[out]), 0.0)
                        for k in 0..<columns {
                            let term =
                                Double(x[row * columns + k])
                                * Double(sample.elements[out * columns + k])
                            sum += term
                            size += abs(term)
                        }
                        #expect(abs(Double(found[row * rows + out]) - sum) < 1e-5 * size + 1e-6)
                    }
                }
            }
        }
    }

    /// Prevents a fused model whose words are not its LLM's to the last bit, since the two are stored in
    /// different types.
    @Test(
        "Products have the same bits in whatever type numbers are stored",
        arguments: Kind.allCases
    )
    func productsDoNotDependOnTheType(_ kind: Kind) throws {
        let (rows, columns) = (75, 160)
        let sample = Self.sample(kind, rows: rows, columns: columns)
        try withTorchErrors {
            let plain = sample.elements.withUnsafeBytes {
                Tensor.packed($0, [rows, columns], .float32)
            }
            for count in [1, 2, 5, 8, 16, 70] {
                let x = Tensor(random([count, columns]), [count, columns])
                let (own, other) = (x.linear(sample.packed), x.linear(plain))
                let isSame = try own.floats().map(\.bitPattern) == other.floats().map(\.bitPattern)
                #expect(isSame, "\(count) rows")
            }
        }
    }

    /// Prevents answers that depend on what else is in the batch, or on the threads.
    @Test("A row of a product does not depend on the others", arguments: Kind.allCases)
    func aRowDoesNotDependOnTheOthers(_ kind: Kind) throws {
        let (rows, columns, count) = (200, 576, 45)
        let sample = Self.sample(kind, rows: rows, columns: columns)
        try withTorchErrors {
            let x = Tensor(random([count, columns]), [count, columns])
            let all = try x.linear(sample.packed, bias: nil).floats()
            for part in [0..<1, 3..<5, 7..<11, 20..<28, 30..<45] {
                let some = try x.narrowed(0, part).linear(sample.packed, bias: nil).floats()
                let isSame = some == Array(all[part.lowerBound * rows..<part.upperBound * rows])
                #expect(isSame, "rows \(part)")
            }
        }
    }

    /// Prevents heads of some tokens that are those of others.
    @Test("Rows can be narrowed", arguments: Kind.allCases)
    func rowsCanBeNarrowed(_ kind: Kind) throws {
        let (rows, columns) = (100, 64)
        let sample = Self.sample(kind, rows: rows, columns: columns)
        try withTorchErrors {
            let x = Tensor(random([2, columns]), [2, columns])
            let all = try x.linear(sample.packed, bias: nil).floats()
            for range in [0..<100, 16..<32, 5..<6, 17..<90] {
                let part = sample.packed.narrowed(0, range)
                #expect(part.shape == [range.count, columns])
                #expect(
                    try part.floats()
                        == Array(
                            sample.elements[
                                range.lowerBound * columns..<range.upperBound * columns
                            ]
                        )
                )
                let product = try x.linear(part, bias: nil).floats()
                #expect(product == Array(all[range]) + Array(all[range.shifted(by: rows)]))
                let inner = part.narrowed(0, 0..<1)
                let first = try part.floats()[..<columns]
                #expect(try inner.floats() == Array(first))
            }
        }
    }

    /// Prevents outputs of one matrix among those of another.
    @Test("Several matrices at once give what they give alone")
    func severalMatricesAtOnce() throws {
        let columns = 64
        let weights = zip(Kind.allCases, [40, 1, 100, 32, 7, 64, 200, 33, 90]).map {
            Self.sample($0, rows: $1, columns: columns).packed
        }
        try withTorchErrors {
            let bias = Tensor(random([40]), [40])
            for count in [1, 3, 20] {
                let x = Tensor(random([count, columns]), [count, columns])
                let layers = weights.enumerated().map { ($1, $0 == 0 ? bias : nil) }
                for (layer, output) in zip(layers, x.linears(layers)) {
                    let alone = x.linear(layer.0, bias: layer.1)
                    #expect(output.shape == alone.shape)
                    let (found, expected) = (try output.floats(), try alone.floats())
                    #expect(found == expected)
                }
                let plain = Tensor(random([5, columns], seed: 9), [5, columns])
                let mixed = x.linears([(plain, nil), (weights[0], bias)])
                for (output, alone) in zip(
                    mixed,
                    [x.linear(plain), x.linear(weights[0], bias: bias)]
                ) {
                    let (found, expected) = (try output.floats(), try alone.floats())
                    #expect(found == expected)
                }
            }
        }
    }

    /// Prevents crashes where a packed matrix meets an operation that does not know it.
    @Test("Other operations refuse packed matrices") func otherOperationsRefusePackedMatrices() {
        let packed = Self.sample(.int4, rows: 32, columns: 32).packed
        #expect(throws: TorchError.self) { try withTorchErrors { _ = try (packed + 1).floats() } }
        #expect(throws: TorchError.self) {
            try withTorchErrors { _ = try packed.matmul(.zeros([32, 2])).floats() }
        }
        #expect(throws: TorchError.self) {
            try withTorchErrors { _ = packed.narrowed(1, 0..<2) }
        }
        #expect(throws: TorchError.self) {
            try withTorchErrors { _ = Tensor.zeros([1, 31]).linear(packed, bias: nil) }
        }
        #expect(throws: TorchError.self) {
            try withTorchErrors { _ = try packed.rows([32]) }
        }
        #expect(throws: TorchError.self) {
            try withTorchErrors {
                let x = Tensor.zeros([1, 32])
                x.requiresGradient = true
                _ = x.linear(packed, bias: nil)
            }
        }
    }
}

extension Tensor {
    fileprivate func rows(_ indices: [Int]) throws -> [Float] {
        try Tensor(indices, [indices.count]).embedded(by: self).floats()
    }
}

extension Range<Int> {
    fileprivate func shifted(by count: Int) -> Self { lowerBound + count..<upperBound + count }
}
