internal import Documents

/// What some of the concepts became: a row for each model that draws, under the images asked for.
struct ContactSheet {
    /// The most concepts of a sheet.
    static let maximumColumns = 16
    /// The name of the file.
    static let file = "drawn.png"

    /// The names of the concepts, from the left.
    let names: [String]
    /// What each row shows, from the top.
    let labels: [String]
    /// The images, row by row.
    let image: Image

    /// Takes concepts evenly from all that were to be drawn; `nil` if no model has drawn.
    init?(_ report: DictionaryReport) {
        let drawn = report.plan.models.compactMap { entry in
            report.figures[entry.name]?.drawings.map { (label: entry.label, drawings: $0) }
        }
        guard let concepts = drawn.first?.drawings.map(\.concept) else { return nil }
        let columns = concepts.indices.spread(to: Self.maximumColumns)
        names = columns.map { concepts[$0].name }
        labels = ["what was asked for"] + drawn.map(\.label)
        let rows = [report.originals] + drawn.map { $0.drawings.map(\.image) }
        image = Image.contactSheet(
            rows.flatMap { row in columns.map { row[$0] } },
            columns: columns.count
        )
    }
}
