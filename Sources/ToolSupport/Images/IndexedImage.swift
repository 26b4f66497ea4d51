package import Documents

/// An image of at most 256 colors.
package struct IndexedImage: Sendable, Equatable {
    package let width: Int
    package let height: Int
    package let colors: [Color]
    /// The color of each pixel, row by row.
    package let indices: [UInt8]

    /// Reduces an image to a palette, and spreads what a pixel lacks over its neighbors.
    ///
    /// 7/16 go to the next, 3/16, 5/16 and 1/16 to those below (Floyd and Steinberg, 1976), every
    /// other row backward.
    ///
    /// An image of so few colors is unchanged.
    package init(_ image: Image, colorLimit: Int = 256) {
        precondition((1...256).contains(colorLimit), "an index is a byte")
        let palette = Palette(image, limit: colorLimit)
        let (width, height) = (image.width, image.height)
        var indices = [UInt8](repeating: 0, count: width * height)
        // Sixteenths, with a place beside each end of the row.
        var current = [SIMD3<Int32>](repeating: .zero, count: width + 2)
        var below = current
        for row in 0..<height {
            let step = row.isMultiple(of: 2) ? 1 : -1
            for count in 0..<width {
                let column = step > 0 ? count : width - 1 - count
                let place = column + 1
                let start = (row * width + column) * 3
                let pixel = SIMD3<Int32>(
                    Int32(image.pixels[start]),
                    Int32(image.pixels[start + 1]),
                    Int32(image.pixels[start + 2])
                )
                let wanted = pixel &+ ((current[place] &+ 8) &>> 4)
                let index = palette.nearest(Int(wanted.x), Int(wanted.y), Int(wanted.z))
                indices[row * width + column] = UInt8(index)
                let color = palette.colors[index]
                let lacking =
                    wanted &- SIMD3(Int32(color.red), Int32(color.green), Int32(color.blue))
                current[place + step] &+= lacking &* 7
                below[place - step] &+= lacking &* 3
                below[place] &+= lacking &* 5
                below[place + step] &+= lacking
            }
            swap(&current, &below)
            for place in below.indices { below[place] = .zero }
        }
        self.width = width
        self.height = height
        self.colors = palette.colors
        self.indices = indices
    }
}
