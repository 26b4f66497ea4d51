import Documents

/// Some of the drawn concepts: the requested images, and below a row per model or arm.
struct ContactSheet {
    private static let maximumColumns = 16
    static let file = "drawn.png"

    /// The names of the concepts, from the left.
    let names: String
    let image: Image

    /// Takes concepts evenly from all; each row has an image per concept.
    init(of concepts: [Concept], rows: [[Image]]) {
        let columns = concepts.indices.spread(to: Self.maximumColumns)
        names = columns.map { concepts[$0].name }.joined(separator: ", ")
        image = Image.contactSheet(
            rows.flatMap { row in columns.map { row[$0] } },
            columns: columns.count
        )
    }
}

extension RandomAccessCollection where Index == Int {
    /// At most `count` elements, evenly spread over all.
    func spread(to count: Int) -> [Element] {
        let count = Swift.min(count, self.count)
        return (0..<count).map { self[startIndex + $0 * self.count / count] }
    }
}
