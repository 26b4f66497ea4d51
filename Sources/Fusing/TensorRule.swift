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

    /// T above I: a vector twice as long; of several stacked ones, each.
    static func stacked(
        _ text: ParentWeight,
        _ image: ParentWeight,
        sections: [Int] = []
    ) -> TensorRule {
        let columns = 0..<text.shape.columns
        var tiles: [Tile] = []
        for place in SectionPlace.all(sections, rows: text.shape.rows) {
            tiles.append(Tile(place.top, columns, Term(text, .from(place.source))))
            tiles.append(Tile(place.bottom, columns, Term(image, .from(place.source))))
        }
        return TensorRule("T, then I", tiles)
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

    /// A matrix of 2 × 2 blocks with T and I on the diagonal, of equal shapes; of several stacked
    /// matrices, each.
    static func blocks(
        _ text: ParentWeight,
        _ image: ParentWeight,
        _ offDiagonal: OffDiagonal,
        sections: [Int] = []
    ) -> TensorRule {
        let (left, right) = halves(text.shape.columns, image.shape.columns)
        let summary =
            switch offDiagonal {
            case .copy: "[[T, T], [I, I]]"
            case .average: "[[T, A], [A, I]], A = (T + I) / 2"
            case .zero: "[[T, 0], [0, I]]"
            }
        var tiles: [Tile] = []
        for place in SectionPlace.all(sections, rows: text.shape.rows) {
            func term(_ weight: ParentWeight, times scale: Double = 1) -> Term {
                Term(weight, .from(place.source), times: scale)
            }
            let mean = [term(text, times: 0.5), term(image, times: 0.5)]
            let (topRight, bottomLeft): ([Term], [Term]) =
                switch offDiagonal {
                case .copy: ([term(text)], [term(image)])
                case .average: (mean, mean)
                case .zero: ([], [])
                }
            tiles += [
                Tile(place.top, left, term(text)), Tile(place.top, right, .sum(topRight)),
                Tile(place.bottom, left, .sum(bottomLeft)), Tile(place.bottom, right, term(image)),
            ]
        }
        return TensorRule(summary, tiles)
    }

    /// The rows of a parent's weight from `rows` on, as a weight of their own.
    static func copy(_ weight: ParentWeight, rows: Range<Int>) -> TensorRule {
        TensorRule(
            "copied from the \(weight.parent.rawValue) parent",
            [Tile(0..<rows.count, 0..<weight.shape.columns, Term(weight, .from(rows.lowerBound)))]
        )
    }

    /// The rule for some rows of the weight, as a weight of their own.
    func rows(_ range: Range<Int>) -> TensorRule {
        TensorRule(
            summary,
            tiles.compactMap { tile in
                let rows = tile.rows.clamped(to: range)
                guard !rows.isEmpty else { return nil }
                var content = tile.content
                if case .sum(let terms) = content {
                    let first = tile.rows.lowerBound
                    let part = rows.lowerBound - first..<rows.upperBound - first
                    content = .sum(terms.map { $0.part(part) })
                }
                let start = range.lowerBound
                return Tile(
                    rows.lowerBound - start..<rows.upperBound - start,
                    tile.columns,
                    content
                )
            }
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

    static func constant(_ value: Float, _ shape: MatrixShape) -> TensorRule {
        TensorRule("\(value)", [Tile(0..<shape.rows, 0..<shape.columns, .constant(value))])
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

/// Where one of several matrices that are stacked in a weight goes, if each becomes twice as high.
private struct SectionPlace {
    /// Its first row in a parent's weight.
    let source: Int
    /// The fused rows of the text parent's matrix and of the image parent's.
    let top: Range<Int>
    let bottom: Range<Int>

    /// The places of stacked matrices with these numbers of rows; without them of a single one.
    static func all(_ sections: [Int], rows: Int) -> [SectionPlace] {
        var start = 0
        return (sections.isEmpty ? [rows] : sections).map { count in
            defer { start += count }
            return SectionPlace(
                source: start,
                top: 2 * start..<2 * start + count,
                bottom: 2 * start + count..<2 * (start + count)
            )
        }
    }
}
