/// A bitmap with transparency: red, green and blue multiplied by alpha, then alpha.
struct Glyph: Sendable, Equatable {
    let width: Int
    let height: Int
    /// `height * width * 4` bytes, row by row from the top left.
    let pixels: [UInt8]

    /// Returns the glyph drawn smaller, each pixel the mean of the area that it covers.
    ///
    /// Means of premultiplied colours are right at the edges, where plain colours would bleed.
    func scaled(toWidth newWidth: Int, height newHeight: Int) -> Glyph {
        let columns = AreaWeights(from: width, to: newWidth)
        let rows = AreaWeights(from: height, to: newHeight)
        var scaled = [UInt8](repeating: 0, count: newWidth * newHeight * 4)
        for y in 0..<newHeight {
            for x in 0..<newWidth {
                var sum = SIMD4<Float>.zero
                for (sourceY, rowWeight) in rows[y] {
                    for (sourceX, columnWeight) in columns[x] {
                        let at = (sourceY * width + sourceX) * 4
                        let pixel = SIMD4<Float>(
                            Float(pixels[at]),
                            Float(pixels[at + 1]),
                            Float(pixels[at + 2]),
                            Float(pixels[at + 3])
                        )
                        sum += pixel * (rowWeight * columnWeight)
                    }
                }
                let rounded = sum.rounded(.toNearestOrAwayFromZero)
                for channel in 0..<4 {
                    scaled[(y * newWidth + x) * 4 + channel] = UInt8(rounded[channel])
                }
            }
        }
        return Glyph(width: newWidth, height: newHeight, pixels: scaled)
    }
}

/// Which source pixels an output pixel covers along one axis, and how much of each; sums to one.
private struct AreaWeights {
    private let weights: [[(Int, Float)]]

    init(from source: Int, to target: Int) {
        let scale = Double(source) / Double(target)
        weights = (0..<target).map { position in
            let (start, end) = (Double(position) * scale, Double(position + 1) * scale)
            return (Int(start)..<min(source, Int(end.rounded(.up)))).map { pixel in
                let covered = min(end, Double(pixel + 1)) - max(start, Double(pixel))
                return (pixel, Float(covered / scale))
            }
        }
    }

    subscript(position: Int) -> [(Int, Float)] { weights[position] }
}
