import Documents

/// What a picture looks like, whatever its size, place and background: 12 × 12 mean colours.
struct PictureFingerprint {
    private static let side = 12
    /// The number of values: three colours of each cell.
    static let length = side * side * 3

    /// Row by row, red, green and blue from 0 to 255; the background is 128.
    let values: [Float]

    /// Looks at a picture; `nil` if nothing in it differs from its border.
    init?(_ picture: Picture) {
        let border = Self.borderColor(of: picture)
        let differences = (0..<picture.width * picture.height).map { pixel in
            max(
                abs(Int(picture.pixels[pixel * 3]) - border[0]),
                abs(Int(picture.pixels[pixel * 3 + 1]) - border[1]),
                abs(Int(picture.pixels[pixel * 3 + 2]) - border[2])
            )
        }
        let difference = { (x: Int, y: Int) in differences[y * picture.width + x] }
        // 1. Crop. Two pixels of a row make it a part of the thing; a single one may be noise.
        let threshold = 32
        let rows = (0..<picture.height).filter { y in
            (0..<picture.width).count { difference($0, y) > threshold } > 1
        }
        let columns = (0..<picture.width).filter { x in
            (0..<picture.height).count { difference(x, $0) > threshold } > 1
        }
        guard let top = rows.first, let bottom = rows.last, let left = columns.first,
            let right = columns.last
        else { return nil }

        // 2. Mean colours of cells, counting a pixel for as much as it differs from the border.
        var values: [Float] = []
        for row in Self.cells(from: top, through: bottom) {
            for column in Self.cells(from: left, through: right) {
                var sum = SIMD3<Float>.zero
                var area: Float = 0
                for (y, rowWeight) in row {
                    for (x, columnWeight) in column {
                        let weight = rowWeight * columnWeight
                        let at = (y * picture.width + x) * 3
                        let color = SIMD3<Float>(
                            Float(picture.pixels[at]),
                            Float(picture.pixels[at + 1]),
                            Float(picture.pixels[at + 2])
                        )
                        let share = min(1, Float(difference(x, y)) / Float(threshold))
                        sum += (color * share + 128 * (1 - share)) * weight
                        area += weight
                    }
                }
                let mean = sum / area
                values += [mean.x, mean.y, mean.z]
            }
        }
        self.values = values
    }

    /// The median of each colour along the four edges.
    private static func borderColor(of picture: Picture) -> [Int] {
        let edge =
            (0..<picture.width).flatMap { [($0, 0), ($0, picture.height - 1)] }
            + (0..<picture.height).flatMap { [(0, $0), (picture.width - 1, $0)] }
        return (0..<3).map { channel in
            let values = edge.map { x, y in picture.pixels[(y * picture.width + x) * 3 + channel] }
            return Int(values.sorted()[values.count / 2])
        }
    }

    /// Divides a range of pixels in twelve equal parts, each a list of pixels and their shares.
    private static func cells(from first: Int, through last: Int) -> [[(Int, Float)]] {
        let scale = Double(last + 1 - first) / Double(side)
        return (0..<side).map { cell in
            let start = Double(first) + Double(cell) * scale
            let end = start + scale
            return (Int(start)...min(last, Int(end))).compactMap { pixel in
                let covered = min(end, Double(pixel + 1)) - max(start, Double(pixel))
                return covered > 0 ? (pixel, Float(covered)) : nil
            }
        }
    }
}
