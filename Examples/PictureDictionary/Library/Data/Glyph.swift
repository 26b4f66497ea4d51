import Documents

/// A bitmap with premultiplied alpha.
struct Glyph: Sendable {
    let width: Int
    let height: Int
    /// Red, green, blue and alpha, row by row from the top left.
    let pixels: [SIMD4<UInt8>]

    /// Scales the glyph down: each pixel is the mean of the area that it covers.
    ///
    /// Means of premultiplied colors are right at the edges, where straight colors would bleed.
    func scaled(toWidth newWidth: Int, height newHeight: Int) -> Glyph {
        let columns = Self.weights(from: width, to: newWidth)
        let rows = Self.weights(from: height, to: newHeight)
        var scaled: [SIMD4<UInt8>] = []
        for row in rows {
            for column in columns {
                var sum = SIMD4<Float>.zero
                for (y, rowWeight) in row {
                    for (x, columnWeight) in column {
                        let pixel = SIMD4<Float>(pixels[y * width + x])
                        sum += pixel * (rowWeight * columnWeight)
                    }
                }
                scaled.append(SIMD4<UInt8>(sum, rounding: .toNearestOrAwayFromZero))
            }
        }
        return Glyph(width: newWidth, height: newHeight, pixels: scaled)
    }

    /// Scales the glyph so that its longer side has `size` pixels.
    func fitted(into size: Int) -> Glyph {
        let longer = max(width, height)
        func scaled(_ side: Int) -> Int { max(1, (side * size + longer / 2) / longer) }
        return self.scaled(toWidth: scaled(width), height: scaled(height))
    }

    /// Per output pixel along one axis, weights of source pixels, which sum to one.
    private static func weights(
        from source: Int,
        to target: Int
    ) -> [[(pixel: Int, share: Float)]] {
        let scale = Double(source) / Double(target)
        return areaCoverage(ofCells: target, from: 0, width: scale, size: source, unit: scale)
    }

    /// Draws the glyph over an image, which must contain it.
    func paint(onto image: inout Image, x left: Int, y top: Int) {
        precondition(left >= 0 && left + width <= image.width, "the glyph is clipped")
        precondition(top >= 0 && top + height <= image.height, "the glyph is clipped")
        for (index, pixel) in pixels.enumerated() {
            let (y, x) = index.quotientAndRemainder(dividingBy: width)
            let target = ((top + y) * image.width + left + x) * 3
            for channel in 0..<3 {
                let below = Int(image.pixels[target + channel]) * (255 - Int(pixel.w))
                let sum = Int(pixel[channel]) + (below + 127) / 255
                image.pixels[target + channel] = UInt8(min(255, sum))
            }
        }
    }

    /// Whether the glyph stands out from a white background.
    var isVisibleOnWhite: Bool { visibility(on: .white) >= 0.25 }

    /// The share of the glyph's area, from 0 to 1, whose color differs from the background's.
    func visibility(on background: Background) -> Double {
        let opaque = pixels.filter { $0.w > 127 }
        let visible = opaque.count { pixel in
            (0..<3).contains { channel in
                let color = Int(pixel[channel]) * 255 / Int(pixel.w)
                return abs(color - Int(background.color[channel])) > 48
            }
        }
        return opaque.isEmpty ? 0 : Double(visible) / Double(opaque.count)
    }
}
