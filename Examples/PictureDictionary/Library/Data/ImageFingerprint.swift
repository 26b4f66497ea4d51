import Documents

/// Describes an image independently of size, position and background: 12 × 12 mean colors.
struct ImageFingerprint {
    private static let side = 12
    /// The number of values: three channels per cell.
    static let length = side * side * 3

    /// Row by row, red, green and blue minus the border's; the background is 0.
    let values: [Float]
    /// Red, green and blue of the border, from 0 to 255.
    let border: SIMD3<Float>
    /// The longer side of what differs from the border, relative to the image's.
    private let extent: Float

    /// The background with the color nearest to the border's.
    var background: Background {
        func distance(_ background: Background) -> Float {
            let difference = SIMD3<Float>(background.color) - border
            return (difference * difference).sum()
        }
        return Background.allCases.min { distance($0) < distance($1) } ?? .white
    }

    /// Whether the image shows something small: nearer to that than to medium-sized.
    var isSmall: Bool {
        let widths = Placement.small(.center).width + Placement.medium(.center).width
        return extent < Float(widths) / Float(2 * ScenePainter.side)
    }

    /// Returns `nil` if nothing in the image differs from its border.
    init?(_ image: Image) {
        let border = Self.borderColor(of: image)
        let differences = (0..<image.width * image.height).map { pixel in
            let difference = image.rgb(pixel) - border
            return max(abs(difference.x), abs(difference.y), abs(difference.z))
        }
        let isDifferent = { (x: Int, y: Int) in differences[y * image.width + x] > 24 }
        // 1. Crop to the rows and columns with at least two different pixels; one may be noise.
        let rows = (0..<image.height).filter { y in
            (0..<image.width).count { isDifferent($0, y) } > 1
        }
        let columns = (0..<image.width).filter { x in
            (0..<image.height).count { isDifferent(x, $0) } > 1
        }
        guard let top = rows.first, let bottom = rows.last, let left = columns.first,
            let right = columns.last
        else { return nil }

        // 2. A square around the crop, which keeps its proportions.
        let span = max(bottom + 1 - top, right + 1 - left)
        let rowCells = Self.cells(around: top + bottom + 1, span, within: image.height)
        let columnCells = Self.cells(around: left + right + 1, span, within: image.width)

        // 3. Mean differences per cell. They are linear in the image, so blur hardly matters.
        let cellArea = Float(span * span) / Float(Self.side * Self.side)
        var values: [Float] = []
        for row in rowCells {
            for column in columnCells {
                var sum = SIMD3<Float>.zero
                for (y, rowWeight) in row {
                    for (x, columnWeight) in column {
                        let weight = rowWeight * columnWeight
                        sum += (image.rgb(y * image.width + x) - border) * weight
                    }
                }
                let mean = sum / cellArea
                values += [mean.x, mean.y, mean.z]
            }
        }
        self.border = border
        extent = Float(span) / Float(max(image.width, image.height))
        self.values = values
    }

    /// The median of each channel along the four edges.
    private static func borderColor(of image: Image) -> SIMD3<Float> {
        let end = image.width * image.height
        var edge = Array(0..<image.width) + Array(end - image.width..<end)
        for start in stride(from: 0, to: end, by: image.width) {
            edge += [start, start + image.width - 1]
        }
        let colors = edge.map(image.rgb)
        func median(_ channel: Int) -> Float {
            colors.map { $0[channel] }.sorted()[colors.count / 2]
        }
        return [median(0), median(1), median(2)]
    }

    /// Divides a span into twelve cells; the middle is given doubled, to be exact.
    private static func cells(
        around doubledMiddle: Int,
        _ span: Int,
        within size: Int
    ) -> [[(pixel: Int, share: Float)]] {
        areaCoverage(
            ofCells: side,
            from: Double(doubledMiddle - span) / 2,
            width: Double(span) / Double(side),
            size: size
        )
    }
}

extension Image {
    /// Red, green and blue of the pixel with this number.
    fileprivate func rgb(_ pixel: Int) -> SIMD3<Float> {
        let at = pixel * 3
        return SIMD3(Float(pixels[at]), Float(pixels[at + 1]), Float(pixels[at + 2]))
    }
}
