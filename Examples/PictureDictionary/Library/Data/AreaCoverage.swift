/// Which pixels each cell along one axis covers, and how much of each, divided by `unit`.
///
/// The first cell begins at `start`; what lies outside `0..<size` does not count.
func areaCoverage(
    ofCells count: Int,
    from start: Double,
    width: Double,
    size: Int,
    unit: Double = 1
) -> [[(pixel: Int, share: Float)]] {
    (0..<count).map { cell in
        let low = max(0, start + Double(cell) * width)
        let high = min(Double(size), start + Double(cell + 1) * width)
        guard low < high else { return [] }
        return (Int(low)...min(size - 1, Int(high))).compactMap { pixel in
            let covered = min(high, Double(pixel + 1)) - max(low, Double(pixel))
            return covered > 0 ? (pixel, Float(covered / unit)) : nil
        }
    }
}
