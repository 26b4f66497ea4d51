extension Image {
    /// Creates an image of one color.
    package init(width: Int, height: Int, fill color: Color) {
        precondition(width > 0 && height > 0, "an image has at least one pixel")
        var pixels: [UInt8] = []
        pixels.reserveCapacity(width * height * 3)
        for _ in 0..<width * height {
            pixels.append(color.red)
            pixels.append(color.green)
            pixels.append(color.blue)
        }
        self.init(width: width, height: height, pixels: pixels)
    }

    /// Its first rows of pixels, and white below them.
    package func whiteBelow(row: Int) -> Image {
        var pixels = pixels
        let start = Swift.min(Swift.max(0, row), height) * width * 3
        for index in start..<pixels.count { pixels[index] = 255 }
        return Image(width: width, height: height, pixels: pixels)
    }

    /// The color of the pixel in column `x` and row `y`.
    package subscript(x: Int, y: Int) -> Color {
        get {
            let start = offset(x, y)
            return Color(red: pixels[start], green: pixels[start + 1], blue: pixels[start + 2])
        }
        set {
            let start = offset(x, y)
            pixels[start] = newValue.red
            pixels[start + 1] = newValue.green
            pixels[start + 2] = newValue.blue
        }
    }

    /// Fills a rectangle, clipped to the image.
    package mutating func fill(x: Int, y: Int, width: Int, height: Int, _ color: Color) {
        for row in max(y, 0)..<max(min(y + height, self.height), max(y, 0)) {
            for column in max(x, 0)..<max(min(x + width, self.width), max(x, 0)) {
                self[column, row] = color
            }
        }
    }

    /// Draws an overlay with its top left corner at column `x` and row `y`, clipped to the image.
    package mutating func draw(_ overlay: Overlay, x: Int, y: Int) {
        for row in max(0, -y)..<max(min(overlay.height, height - y), max(0, -y)) {
            for column in max(0, -x)..<max(min(overlay.width, width - x), max(0, -x)) {
                let source = (row * overlay.width + column) * 4
                let target = offset(x + column, y + row)
                let rest = 255 - Int(overlay.pixels[source + 3])
                for channel in 0..<3 {
                    let below = (Int(pixels[target + channel]) * rest + 127) / 255
                    let value = Int(overlay.pixels[source + channel]) + below
                    pixels[target + channel] = UInt8(clamping: value)
                }
            }
        }
    }

    /// Draws another image with its top left corner at column `x` and row `y`, clipped to this one.
    package mutating func draw(_ image: Image, x: Int, y: Int) {
        let first = max(0, -x)
        let end = min(image.width, width - x)
        guard first < end else { return }
        for row in max(0, -y)..<max(min(image.height, height - y), max(0, -y)) {
            let source = (row * image.width + first) * 3
            let target = offset(x + first, y + row)
            pixels.replaceSubrange(
                target..<target + (end - first) * 3,
                with: image.pixels[source..<source + (end - first) * 3]
            )
        }
    }

    /// A grid of images, row by row from the top left, each centered in its cell.
    ///
    /// Cells are as large as the largest image; `images` must not be empty.
    package static func contactSheet(
        _ images: [Image],
        columns: Int,
        padding: Int = 4,
        background: Color = .white
    ) -> Image {
        precondition(!images.isEmpty && columns > 0 && padding >= 0, "a sheet has an image")
        let cellWidth = images.reduce(0) { max($0, $1.width) }
        let cellHeight = images.reduce(0) { max($0, $1.height) }
        let usedColumns = min(columns, images.count)
        let rows = (images.count + usedColumns - 1) / usedColumns
        var sheet = Image(
            width: usedColumns * (cellWidth + padding) + padding,
            height: rows * (cellHeight + padding) + padding,
            fill: background
        )
        for (index, image) in images.enumerated() {
            let left = padding + index % usedColumns * (cellWidth + padding)
            let top = padding + index / usedColumns * (cellHeight + padding)
            sheet.draw(
                image,
                x: left + (cellWidth - image.width) / 2,
                y: top + (cellHeight - image.height) / 2
            )
        }
        return sheet
    }

    private func offset(_ x: Int, _ y: Int) -> Int {
        precondition((0..<width).contains(x) && (0..<height).contains(y), "outside the image")
        return (y * width + x) * 3
    }
}
