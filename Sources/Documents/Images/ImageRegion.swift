/// A rectangle of pixels in an image, such as the part to inpaint.
public struct ImageRegion: Sendable, Hashable {
    /// The columns, counted from the left.
    public let columns: Range<Int>
    /// The rows, counted from the top.
    public let rows: Range<Int>

    /// Creates a region from its top left pixel and its size.
    ///
    /// - Returns: `nil` if `x` or `y` is negative, the region is empty, or a number overflows.
    public init?(x: Int, y: Int, width: Int, height: Int) {
        let (right, rightOverflows) = x.addingReportingOverflow(width)
        let (bottom, bottomOverflows) = y.addingReportingOverflow(height)
        guard x >= 0, y >= 0, width > 0, height > 0, !rightOverflows, !bottomOverflows else {
            return nil
        }
        columns = x..<right
        rows = y..<bottom
    }
}
