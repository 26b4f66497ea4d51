/// A bitmap with transparency, to be drawn onto an image.
///
/// Colors are premultiplied by alpha, so that resizing mixes in no color of transparent pixels.
package struct Overlay: Sendable, Equatable {
    package let width: Int
    package let height: Int
    /// Premultiplied red, green, blue, then alpha: `height * width * 4` bytes.
    package let pixels: [UInt8]

    package init(width: Int, height: Int, premultiplied pixels: [UInt8]) {
        precondition(width > 0 && height > 0, "an overlay has at least one pixel")
        precondition(pixels.count == width * height * 4, "an overlay has four bytes a pixel")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// Creates an overlay from RGBA with straight alpha, `height * width * 4` bytes.
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
            .resized(
                width: newWidth,
                height: newHeight,
                columns: 0..<newWidth,
                rows: 0..<newHeight,
                filter
            )
        return Overlay(width: newWidth, height: newHeight, premultiplied: result.samples)
    }
}
