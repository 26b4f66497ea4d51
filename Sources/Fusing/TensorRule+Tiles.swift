import Vocabulary

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

    /// Rows of a parent's table in another order: each row of the tile is the mean of those that
    /// stand for it, or zero, times a number.
    struct Gathering: Sendable, Equatable {
        let weight: ParentWeight
        let map: RowMap
        var scale: Float = 1
        /// A row of the parent's table; those that are untrained like it count as zero.
        var untrained: Int?
    }

    enum Content: Sendable, Equatable {
        case zero
        /// A number on the diagonal that begins at the tile's first element.
        case diagonal(Float)
        case sum([Term])
        /// As many rows of a parent's table, those that are untrained like the row `token` zero.
        case learned(ParentWeight, untrained: Int)
        /// Gathered rows that are added up; the tile has all rows of the weight.
        case gathered([Gathering])
        case normal(deviation: Double, seed: UInt64)
    }

    let rows: Range<Int>
    let columns: Range<Int>
    let content: Content

    init(_ rows: Range<Int>, _ columns: Range<Int>, _ content: Content) {
        self.rows = rows
        self.columns = columns
        self.content = content
    }

    /// How many of the tile's elements come before the element `index` of the weight, which is
    /// `width` wide and read row by row.
    func count(before index: Int, width: Int) -> Int {
        guard width > 0, !columns.isEmpty else { return 0 }
        let row = index / width
        guard row >= rows.lowerBound else { return 0 }
        guard row < rows.upperBound else { return rows.count * columns.count }
        let column = index % width
        let before = min(max(0, column - columns.lowerBound), columns.count)
        return (row - rows.lowerBound) * columns.count + before
    }
}

extension Tile.Content {
    /// As many rows of one parent's weight as the tile has, each times a number.
    static func rows(
        of weight: ParentWeight,
        from firstRow: Int = 0,
        scale: Float = 1
    ) -> Tile.Content {
        .sum([Tile.Term(weight: weight, firstRow: firstRow, scale: scale)])
    }
}

extension TensorRule {
    /// The rule as rectangles that cover the weight of shape `output`, each element once.
    ///
    /// Every rule comes down to this, so that one loop executes them all; `shape` says how large a
    /// parent's weight is.
    func tiles(output: MatrixShape, shape: (ParentWeight) -> MatrixShape) -> [Tile] {
        let rows = 0..<output.rows
        let columns = 0..<output.columns
        switch self {
        case .copy(let weight):
            let size = shape(weight)
            return [Tile(0..<size.rows, 0..<size.columns, .rows(of: weight))]
        case .copyLearned(let weight, let token):
            let size = shape(weight)
            let content = Tile.Content.learned(weight, untrained: token)
            return [Tile(0..<size.rows, 0..<size.columns, content)]
        case .average(let text, let image, let share):
            let terms: [Tile.Term] = [
                .init(weight: .text(text), scale: Float(share)),
                .init(weight: .image(image), scale: Float(1 - share)),
            ]
            return [Tile(rows, columns, .sum(terms))]
        case .stacked(let text, let image):
            let split = shape(.text(text)).rows
            let end = split + shape(.image(image)).rows
            return [
                Tile(0..<split, columns, .rows(of: .text(text))),
                Tile(split..<end, columns, .rows(of: .image(image))),
            ]
        case .sideBySide(let text, let image, let scale):
            let (left, right) = Self.halves(shape(.text(text)), shape(.image(image)))
            return [
                Tile(rows, left, .rows(of: .text(text), scale: Float(scale))),
                Tile(rows, right, .rows(of: .image(image), scale: Float(scale))),
            ]
        case .blocks(let text, let image, let offDiagonal):
            return Self.blocks(.text(text), .image(image), offDiagonal, shape)
        case .rowsByModality(let text, let image, let imageRows):
            return Self.bands(rows, imageRows).map { band, isImage in
                let weight: ParentWeight = isImage ? .image(image) : .text(text)
                return Tile(band, columns, .rows(of: weight, from: band.lowerBound))
            }
        case .rowsByModalitySideBySide(let text, let image, let imageRows):
            let (left, right) = Self.halves(shape(.text(text)), shape(.image(image)))
            return Self.bands(rows, imageRows).flatMap { band, isImage in
                let weight: ParentWeight = isImage ? .image(image) : .text(text)
                let (own, other) = isImage ? (right, left) : (left, right)
                return [
                    Tile(band, own, .rows(of: weight, from: band.lowerBound)),
                    Tile(band, other, .zero),
                ]
            }
        case .union(let table):
            return table.tiles(shape)
        case .mean:
            return [
                Tile(rows, 0..<output.rows, .diagonal(0.5)),
                Tile(rows, output.rows..<2 * output.rows, .diagonal(0.5)),
            ]
        case .zero:
            return [Tile(rows, columns, .zero)]
        case .normal(let deviation, let seed):
            return [Tile(rows, columns, .normal(deviation: deviation, seed: seed))]
        }
    }

    /// The columns of two weights side by side.
    private static func halves(_ text: MatrixShape, _ image: MatrixShape)
        -> (Range<Int>, Range<Int>)
    {
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
        _ shape: (ParentWeight) -> MatrixShape
    ) -> [Tile] {
        let (size, other) = (shape(text), shape(image))
        let (left, right) = halves(size, other)
        let (top, bottom) = (0..<size.rows, size.rows..<size.rows + other.rows)
        let mean = Tile.Content.sum([
            .init(weight: text, scale: 0.5), .init(weight: image, scale: 0.5),
        ])
        let (topRight, bottomLeft): (Tile.Content, Tile.Content) =
            switch offDiagonal {
            case .copy: (.rows(of: text), .rows(of: image))
            case .average: (mean, mean)
            case .zero: (.zero, .zero)
            }
        return [
            Tile(top, left, .rows(of: text)), Tile(top, right, topRight),
            Tile(bottom, left, bottomLeft), Tile(bottom, right, .rows(of: image)),
        ]
    }
}
