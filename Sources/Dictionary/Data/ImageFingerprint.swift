import Documents

/// What an image looks like, whatever its size, place and background: 12 × 12 mean colours.
struct ImageFingerprint {
    private static let side = 12
    /// The number of values: three colours of each cell.
    static let length = side * side * 3

    /// Row by row, how far red, green and blue are from the border's; the background is 0.
    let values: [Float]
    /// Red, green and blue of the border, from 0 to 255.
    let border: SIMD3<Float>

    /// Looks at an image; `nil` if nothing in it differs from its border.
    init?(_ image: Image) {
        let borderColor = Self.borderColor(of: image)
        let differences = (0..<image.width * image.height).map { pixel in
            max(
                abs(Int(image.pixels[pixel * 3]) - borderColor[0]),
                abs(Int(image.pixels[pixel * 3 + 1]) - borderColor[1]),
                abs(Int(image.pixels[pixel * 3 + 2]) - borderColor[2])
            )
        }
        let difference = { (x: Int, y: Int) in differences[y * image.width + x] }
        // 1. Crop. Two pixels of a row make it a part of the thing; a single one may be noise.
        let threshold = 24
        let rows = (0..<image.height).filter { y in
            (0..<image.width).count { difference($0, y) > threshold } > 1
        }
        let columns = (0..<image.width).filter { x in
            (0..<image.height).count { difference(x, $0) > threshold } > 1
        }
        guard let top = rows.first, let bottom = rows.last, let left = columns.first,
            let right = columns.last
        else { return nil }

        // 2. A square around the thing, which keeps its proportions.
        let span = max(bottom + 1 - top, right + 1 - left)
        let rowCells = Self.cells(around: top + bottom + 1, span, within: image.height)
        let columnCells = Self.cells(around: left + right + 1, span, within: image.width)

        // 3. Mean differences of cells. They are linear in the image, so softness hardly matters.
        let border = SIMD3<Float>(
            Float(borderColor[0]),
            Float(borderColor[1]),
            Float(borderColor[2])
        )
        let cellArea = Float(span * span) / Float(Self.side * Self.side)
        var values: [Float] = []
        for row in rowCells {
            for column in columnCells {
                var sum = SIMD3<Float>.zero
                for (y, rowWeight) in row {
                    for (x, columnWeight) in column {
                        let weight = rowWeight * columnWeight
                        let at = (y * image.width + x) * 3
                        let color = SIMD3<Float>(
                            Float(image.pixels[at]),
                            Float(image.pixels[at + 1]),
                            Float(image.pixels[at + 2])
                        )
                        sum += (color - border) * weight
                    }
                }
                let mean = sum / cellArea
                values += [mean.x, mean.y, mean.z]
            }
        }
        self.border = border
        self.values = values
    }

    /// The median of each colour along the four edges.
    private static func borderColor(of image: Image) -> [Int] {
        let edge =
            (0..<image.width).flatMap { [($0, 0), ($0, image.height - 1)] }
            + (0..<image.height).flatMap { [(0, $0), (image.width - 1, $0)] }
        return (0..<3).map { channel in
            let values = edge.map { x, y in image.pixels[(y * image.width + x) * 3 + channel] }
            return Int(values.sorted()[values.count / 2])
        }
    }

    /// Divides a span in twelve equal parts, each a list of pixels and how much of them it covers.
    ///
    /// What lies beyond the image is background. The middle is given doubled, to be exact.
    private static func cells(
        around doubledMiddle: Int,
        _ span: Int,
        within size: Int
    ) -> [[(Int, Float)]] {
        let scale = Double(span) / Double(side)
        let first = Double(doubledMiddle - span) / 2
        return (0..<side).map { cell in
            let start = max(0, first + Double(cell) * scale)
            let end = min(Double(size), first + Double(cell + 1) * scale)
            guard start < end else { return [] }
            return (Int(start)...min(size - 1, Int(end))).compactMap { pixel in
                let covered = min(end, Double(pixel + 1)) - max(start, Double(pixel))
                return covered > 0 ? (pixel, Float(covered)) : nil
            }
        }
    }
}
