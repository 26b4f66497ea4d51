/// A bitmap of 8-bit sRGB pixels without transparency.
public struct Image: Sendable, Equatable {
    /// Pixels from left to right.
    package let width: Int
    /// Pixels from top to bottom.
    package let height: Int
    /// Red, green and blue of each pixel, row by row from the top left: `height * width * 3` bytes.
    package var pixels: [UInt8]

    /// Makes an image of `height * width * 3` bytes.
    package init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0, "an image has at least one pixel")
        precondition(pixels.count == width * height * 3, "an image has three bytes a pixel")
        self.width = width
        self.height = height
        self.pixels = pixels
    }
}
