/// How one weight of the fused model is made; T is the text parent's weight, I the image parent's.
///
/// Every rule is a list of tiles, so that one loop executes them all.
struct TensorRule: Sendable {
    /// The rule for people, without names of weights.
    let summary: String
    /// Rectangles that cover the weight, each element once.
    var tiles: [Tile]

    init(_ summary: String, _ tiles: [Tile]) {
        self.summary = summary
        self.tiles = tiles
    }

    /// The parents' weights that are read: at most one of each parent.
    var sources: [ParentWeight] {
        let weights = tiles.flatMap(\.terms).map(\.weight)
        return [Parent.Role.text, .image].compactMap { role in
            weights.first { $0.parent == role }
        }
    }

    /// One parent's weight.
    static func copy(_ weight: ParentWeight) -> TensorRule {
        let shape = weight.shape
        return TensorRule(
            "copied from the \(weight.parent.rawValue) parent",
            [Tile(0..<shape.rows, 0..<shape.columns, Term(weight))]
        )
    }

    /// w T + (1 − w) I, of equal shapes.
    static func average(_ text: ParentWeight, _ image: ParentWeight, textShare: Double)
        -> TensorRule
    {
        TensorRule(
            "\(textShare) T + \(1 - textShare) I",
            [
                Tile(
                    0..<text.shape.rows,
                    0..<text.shape.columns,
                    Term(text, times: textShare),
                    Term(image, times: 1 - textShare)
                )
            ]
        )
    }

    /// T above I: a vector twice as long.
    static func stacked(_ text: ParentWeight, _ image: ParentWeight) -> TensorRule {
        let (top, bottom) = halves(text.shape.rows, image.shape.rows)
        let columns = 0..<text.shape.columns
        return TensorRule(
            "T, then I",
            [Tile(top, columns, Term(text)), Tile(bottom, columns, Term(image))]
        )
    }

    /// [T | I]: a table twice as wide.
    static func sideBySide(_ text: ParentWeight, _ image: ParentWeight) -> TensorRule {
        let (left, right) = halves(text.shape.columns, image.shape.columns)
        let rows = 0..<text.shape.rows
        return TensorRule(
            "[T | I]",
            [Tile(rows, left, Term(text)), Tile(rows, right, Term(image))]
        )
    }

    /// A matrix of 2 × 2 blocks with T and I on the diagonal, of equal shapes.
    static func blocks(
        _ text: ParentWeight,
        _ image: ParentWeight,
        _ offDiagonal: OffDiagonal
    ) -> TensorRule {
        let (left, right) = halves(text.shape.columns, image.shape.columns)
        let (top, bottom) = halves(text.shape.rows, image.shape.rows)
        let mean = [Term(text, times: 0.5), Term(image, times: 0.5)]
        let (summary, topRight, bottomLeft): (String, [Term], [Term]) =
            switch offDiagonal {
            case .copy: ("[[T, T], [I, I]]", [Term(text)], [Term(image)])
            case .average: ("[[T, A], [A, I]], A = (T + I) / 2", mean, mean)
            case .zero: ("[[T, 0], [0, I]]", [], [])
            }
        return TensorRule(
            summary,
            [
                Tile(top, left, Term(text)), Tile(top, right, .sum(topRight)),
                Tile(bottom, left, .sum(bottomLeft)), Tile(bottom, right, Term(image)),
            ]
        )
    }

    /// [½ E | ½ E] with the identity E: the mean of two hidden states of `width`.
    static func mean(width: Int) -> TensorRule {
        let (left, right) = halves(width, width)
        return TensorRule(
            "mean of the towers",
            [left, right].map { Tile(0..<width, $0, .diagonal(0.5)) }
        )
    }

    static func zero(_ shape: MatrixShape) -> TensorRule {
        TensorRule("zero", [Tile(0..<shape.rows, 0..<shape.columns)])
    }

    static func one(_ shape: MatrixShape) -> TensorRule {
        TensorRule("one", [Tile(0..<shape.rows, 0..<shape.columns, .constant(1))])
    }

    /// Normally distributed around zero.
    static func normal(_ shape: MatrixShape, deviation: Double, seed: UInt64) -> TensorRule {
        TensorRule(
            "normal initialization, std \(deviation), seed \(seed)",
            [
                Tile(
                    0..<shape.rows,
                    0..<shape.columns,
                    .normal(deviation: deviation, seed: seed)
                )
            ]
        )
    }

    /// Two ranges of these lengths, one after the other from 0.
    static func halves(_ first: Int, _ second: Int) -> (Range<Int>, Range<Int>) {
        (0..<first, first..<first + second)
    }
}
