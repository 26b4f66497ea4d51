extension Image {
    /// The image at another size, antialiased; the aspect ratio may change.
    ///
    /// With `columns` and `rows`, only that part of the result is computed.
    package func resized(
        width newWidth: Int,
        height newHeight: Int,
        columns: Range<Int>? = nil,
        rows: Range<Int>? = nil,
        _ filter: ResizingFilter = .bicubic
    ) -> Image {
        precondition(newWidth > 0 && newHeight > 0, "an image has at least one pixel")
        let columns = columns ?? 0..<newWidth
        let rows = rows ?? 0..<newHeight
        precondition(
            !columns.isEmpty && !rows.isEmpty && columns.lowerBound >= 0 && rows.lowerBound >= 0
                && columns.upperBound <= newWidth && rows.upperBound <= newHeight,
            "the part is inside the image"
        )
        let result = Resampling(width: width, height: height, channels: 3, samples: pixels)
            .resized(width: newWidth, height: newHeight, columns: columns, rows: rows, filter)
        return Image(width: columns.count, height: rows.count, pixels: result.samples)
    }

    /// The largest centered square.
    package func croppedToSquare() -> Image { cropped(middle(width: 1, height: 1)) }

    /// The centered square, resized to `side` pixels.
    package func square(side: Int, _ filter: ResizingFilter = .bicubic) -> Image {
        covering(width: side, height: side, filter)
    }

    /// The largest centered part of the aspect ratio `newWidth` : `newHeight`, at that size.
    package func covering(
        width newWidth: Int,
        height newHeight: Int,
        _ filter: ResizingFilter = .bicubic
    ) -> Image {
        cropped(middle(width: newWidth, height: newHeight))
            .resized(width: newWidth, height: newHeight, filter)
    }

    /// The largest centered part of an aspect ratio, to whole pixels.
    package func middle(width ratioWidth: Int, height ratioHeight: Int)
        -> (columns: Range<Int>, rows: Range<Int>)
    {
        precondition(ratioWidth > 0 && ratioHeight > 0, "an aspect ratio has two positive numbers")
        // Rounded to the nearest; at least one pixel.
        let fullWidth = (2 * height * ratioWidth + ratioHeight) / (2 * ratioHeight)
        let fullHeight = (2 * width * ratioHeight + ratioWidth) / (2 * ratioWidth)
        let side = (width: min(width, max(1, fullWidth)), height: min(height, max(1, fullHeight)))
        let (x, y) = ((width - side.width) / 2, (height - side.height) / 2)
        return (x..<x + side.width, y..<y + side.height)
    }

    private func cropped(_ part: (columns: Range<Int>, rows: Range<Int>)) -> Image {
        cropped(
            x: part.columns.lowerBound,
            y: part.rows.lowerBound,
            width: part.columns.count,
            height: part.rows.count
        )
    }

    /// The part of the image at column `x` and row `y`; it must be inside.
    package func cropped(x: Int, y: Int, width newWidth: Int, height newHeight: Int) -> Image {
        precondition(
            x >= 0 && y >= 0 && newWidth > 0 && newHeight > 0 && x <= width - newWidth
                && y <= height - newHeight,
            "the part is inside the image"
        )
        var cropped: [UInt8] = []
        cropped.reserveCapacity(newWidth * newHeight * 3)
        for row in y..<y + newHeight {
            let start = (row * width + x) * 3
            cropped.append(contentsOf: pixels[start..<start + newWidth * 3])
        }
        return Image(width: newWidth, height: newHeight, pixels: cropped)
    }

    /// The image enlarged by the largest integer that keeps its longer side at most `side`; a
    /// larger image is unchanged.
    package func enlarged(towards side: Int) -> Image {
        let factor = max(side / max(width, height), 1)
        return resized(width: width * factor, height: height * factor, .area)
    }
}
