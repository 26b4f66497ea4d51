internal import Documents

extension Glyph {
    /// Draws the glyph over an image; it must lie within.
    func paint(onto image: inout Image, x left: Int, y top: Int) {
        precondition(left >= 0 && left + width <= image.width, "the glyph is cut off")
        precondition(top >= 0 && top + height <= image.height, "the glyph is cut off")
        for y in 0..<height {
            for x in 0..<width {
                let source = (y * width + x) * 4
                let target = ((top + y) * image.width + left + x) * 3
                let through = 255 - Int(pixels[source + 3])
                for channel in 0..<3 {
                    let behind = (Int(image.pixels[target + channel]) * through + 127) / 255
                    let sum = Int(pixels[source + channel]) + behind
                    image.pixels[target + channel] = UInt8(min(255, sum))
                }
            }
        }
    }

    /// Whether the glyph can be told from a white background.
    var isVisibleOnWhite: Bool { visibility(on: .white) >= 0.25 }

    /// The share of the glyph's area, from 0 to 1, whose colour differs from a background's.
    func visibility(on background: Background) -> Double {
        let ground = background.color
        var area = 0
        var seen = 0
        for pixel in stride(from: 0, to: pixels.count, by: 4) {
            let alpha = Int(pixels[pixel + 3])
            guard alpha > 127 else { continue }
            area += 1
            var difference = 0
            for channel in 0..<3 {
                let color = Int(pixels[pixel + channel]) * 255 / alpha
                difference = max(difference, abs(color - Int(ground[channel])))
            }
            if difference > 48 { seen += 1 }
        }
        return area == 0 ? 0 : Double(seen) / Double(area)
    }
}
