/// A rectangle of pixels in an image.
public struct ImageRegion: Sendable, Equatable {
    /// The columns.
    package let columns: Range<Int>
    /// The rows.
    package let rows: Range<Int>

    /// Begins at column `x` and row `y`; `nil` where it has no pixel or a number is out of range.
    package init?(x: Int, y: Int, width: Int, height: Int) {
        let (right, rightOverflows) = x.addingReportingOverflow(width)
        let (bottom, bottomOverflows) = y.addingReportingOverflow(height)
        guard x >= 0, y >= 0, width > 0, height > 0, !rightOverflows, !bottomOverflows else {
            return nil
        }
        columns = x..<right
        rows = y..<bottom
    }

    /// Reads `x,y,width,height`.
    package init?(parsing text: String) {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 4, let x = numbers[0], let y = numbers[1], let width = numbers[2],
            let height = numbers[3]
        else { return nil }
        self.init(x: x, y: y, width: width, height: height)
    }
}
