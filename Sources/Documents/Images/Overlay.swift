/// A bitmap with transparency, to be drawn onto an image.
///
/// Colours are premultiplied: each already contains its alpha, so that resizing mixes no colour of
/// transparent pixels in.
package struct Overlay: Sendable, Equatable {
    /// Pixels from left to right.
    package let width: Int
    /// Pixels from top to bottom.
    package let height: Int
    /// Premultiplied red, green, blue, then alpha: `height * width * 4` bytes.
    package let pixels: [UInt8]

    /// Makes an overlay of `height * width * 4` premultiplied bytes.
    package init(width: Int, height: Int, premultiplied pixels: [UInt8]) {
        precondition(width > 0 && height > 0, "an overlay has at least one pixel")
        precondition(pixels.count == width * height * 4, "an overlay has four bytes a pixel")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// Makes an overlay of `height * width * 4` bytes whose colours do not contain their alpha.
    package init(width: Int, height: Int, straight pixels: [UInt8]) {
        var premultiplied = pixels
        for start in stride(from: 0, to: pixels.count - 3, by: 4) {
            let alpha = Int(pixels[start + 3])
            for channel in start..<start + 3 {
                premultiplied[channel] = UInt8((Int(pixels[channel]) * alpha + 127) / 255)
            }
        }
        self.init(width: width, height: height, premultiplied: premultiplied)
    }

    /// The overlay at another size, antialiased.
    package func resized(
        width newWidth: Int,
        height newHeight: Int,
        _ filter: ResizingFilter = .bicubic
    ) -> Overlay {
        precondition(newWidth > 0 && newHeight > 0, "an overlay has at least one pixel")
        let result = Resampling(width: width, height: height, channels: 4, samples: pixels)
            .resized(width: newWidth, height: newHeight, filter)
        return Overlay(width: newWidth, height: newHeight, premultiplied: result.samples)
    }
}
