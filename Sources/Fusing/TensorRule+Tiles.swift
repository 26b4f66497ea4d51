/// Rows and columns of a weight: the first dimension, and all others together.
struct MatrixShape: Sendable, Equatable {
    let rows: Int
    let columns: Int

    init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
    }

    init(_ shape: [Int]) {
        rows = shape.first ?? 1
        columns = shape.dropFirst().reduce(1, *)
    }
}

/// A rectangle of a fused weight, and what fills it.
struct Tile: Sendable, Equatable {
    /// Rows of parents' weights that are added up, each times a number.
    struct Term: Sendable, Equatable {
        let weight: ParentWeight
        /// The row of the parent's weight that becomes the tile's first.
        var firstRow = 0
        var scale: Float = 1
    }

    enum Content: Sendable, Equatable {
        case zero
        /// A number on the diagonal that begins at the tile's first element.
        case diagonal(Float)
        case sum([Term])
        case normal(deviation: Double, seed: UInt64)
    }

    let rows: Range<Int>
    let columns: Range<Int>
    let content: Content
}

extension TensorRule {
    /// The rule as rectangles that cover the weight of shape `output`, each element once.
    ///
    /// Every rule comes down to this, so that one loop executes them all.
    /// - Parameter shape: the shape of a parent's weight.
    func tiles(
        output: MatrixShape,
        shape: (ParentWeight) throws -> MatrixShape
    ) rethrows -> [Tile] {
        let rows = 0..<output.rows
        let columns = 0..<output.columns
        switch self {
        case .copy(let weight):
            let size = try shape(weight)
            return [
                Tile(
                    rows: 0..<size.rows,
                    columns: 0..<size.columns,
                    content: .sum([.init(weight: weight)])
                )
            ]
        case .average(let text, let image, let share):
            let terms: [Tile.Term] = [
                .init(weight: .text(text), scale: Float(share)),
                .init(weight: .image(image), scale: Float(1 - share)),
            ]
            return [Tile(rows: rows, columns: columns, content: .sum(terms))]
        case .stacked(let text, let image):
            let split = try shape(.text(text)).rows
            return [
                Tile(
                    rows: 0..<split,
                    columns: columns,
                    content: .sum([.init(weight: .text(text))])
                ),
                Tile(
                    rows: split..<split + (try shape(.image(image)).rows),
                    columns: columns,
                    content: .sum([.init(weight: .image(image))])
                ),
            ]
        case .sideBySide(let text, let image, let scale):
            let (left, right) = try halves(shape(.text(text)), shape(.image(image)))
            let scale = Float(scale)
            return [
                Tile(
                    rows: rows,
                    columns: left,
                    content: .sum([.init(weight: .text(text), scale: scale)])
                ),
                Tile(
                    rows: rows,
                    columns: right,
                    content: .sum([.init(weight: .image(image), scale: scale)])
                ),
            ]
        case .blocks(let text, let image, let offDiagonal):
            return try Self.blocks(.text(text), .image(image), offDiagonal, shape)
        case .rowsByModality(let text, let image, let imageRows):
            return Self.bands(rows, imageRows).map { band, isImage in
                let weight: ParentWeight = isImage ? .image(image) : .text(text)
                let term = Tile.Term(weight: weight, firstRow: band.lowerBound)
                return Tile(rows: band, columns: columns, content: .sum([term]))
            }
        case .rowsByModalitySideBySide(let text, let image, let imageRows):
            let (left, right) = try halves(shape(.text(text)), shape(.image(image)))
            return Self.bands(rows, imageRows).flatMap { band, isImage in
                let weight: ParentWeight = isImage ? .image(image) : .text(text)
                let term = Tile.Term(weight: weight, firstRow: band.lowerBound)
                let (own, other) = isImage ? (right, left) : (left, right)
                return [
                    Tile(rows: band, columns: own, content: .sum([term])),
                    Tile(rows: band, columns: other, content: .zero),
                ]
            }
        case .mean:
            return [
                Tile(rows: rows, columns: 0..<output.rows, content: .diagonal(0.5)),
                Tile(
                    rows: rows,
                    columns: output.rows..<2 * output.rows,
                    content: .diagonal(0.5)
                ),
            ]
        case .zero:
            return [Tile(rows: rows, columns: columns, content: .zero)]
        case .normal(let deviation, let seed):
            let content = Tile.Content.normal(deviation: deviation, seed: seed)
            return [Tile(rows: rows, columns: columns, content: content)]
        }
    }

    private func halves(_ text: MatrixShape, _ image: MatrixShape) -> (Range<Int>, Range<Int>) {
        (0..<text.columns, text.columns..<text.columns + image.columns)
    }

    /// The bands of rows that come from one parent each, without empty ones.
    private static func bands(_ rows: Range<Int>, _ imageRows: Range<Int>)
        -> [(rows: Range<Int>, isImage: Bool)]
    {
        let image = imageRows.clamped(to: rows)
        guard !image.isEmpty else { return [(rows, false)] }
        let bands = [
            (rows.lowerBound..<image.lowerBound, false), (image, true),
            (image.upperBound..<rows.upperBound, false),
        ]
        return bands.filter { !$0.0.isEmpty }
    }

    private static func blocks(
        _ text: ParentWeight,
        _ image: ParentWeight,
        _ offDiagonal: OffDiagonal,
        _ shape: (ParentWeight) throws -> MatrixShape
    ) rethrows -> [Tile] {
        let (size, other) = (try shape(text), try shape(image))
        let (top, bottom) = (0..<size.rows, size.rows..<size.rows + other.rows)
        let (left, right) = (0..<size.columns, size.columns..<size.columns + other.columns)
        let half = Tile.Content.sum([
            .init(weight: text, scale: 0.5), .init(weight: image, scale: 0.5),
        ])
        let (ofText, ofImage): (Tile.Content, Tile.Content) = (
            .sum([.init(weight: text)]), .sum([.init(weight: image)])
        )
        let (topRight, bottomLeft): (Tile.Content, Tile.Content) =
            switch offDiagonal {
            case .copy: (ofText, ofImage)
            case .average: (half, half)
            case .zero: (.zero, .zero)
            }
        return [
            Tile(rows: top, columns: left, content: ofText),
            Tile(rows: top, columns: right, content: topRight),
            Tile(rows: bottom, columns: left, content: bottomLeft),
            Tile(rows: bottom, columns: right, content: ofImage),
        ]
    }
}
