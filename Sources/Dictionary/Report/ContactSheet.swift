internal import Documents

/// The drawn pictures of one model beside those that were asked for.
struct ContactSheet {
    /// The picture that was asked for.
    typealias Original = Picture

    /// The pairs of a row.
    static let pairsPerRow = 8

    let drawings: [ModelFigures.Drawing]
    let originals: [Original]

    /// Pairs of the original and the drawn picture, eight a row.
    var picture: Picture {
        Picture.contactSheet(
            zip(originals, drawings).flatMap { [$0, $1.picture] },
            columns: 2 * Self.pairsPerRow
        )
    }

    /// What stands where, a line for each row of the sheet.
    var labels: String {
        var text = "Pairs of the picture asked for and the picture drawn; in parentheses the place "
        text += "of the right concept, and what the drawn picture looks most like.\n\n"
        for first in stride(from: 0, to: drawings.count, by: Self.pairsPerRow) {
            let row = drawings[first..<min(first + Self.pairsPerRow, drawings.count)]
            text += "row \(first / Self.pairsPerRow + 1): "
            text += row.map(label).joined(separator: "; ") + "\n"
        }
        return text
    }

    private func label(_ drawing: ModelFigures.Drawing) -> String {
        guard let rank = drawing.rank, let nearest = drawing.nearest else {
            return "\(drawing.concept.name) (one colour)"
        }
        return "\(drawing.concept.name) (\(rank)\(rank == 1 ? "" : ", \(nearest)"))"
    }
}
