/// The filter of a resized image.
package enum ResizingFilter: Sendable, CaseIterable {
    /// Catmull-Rom cubic (a = -1/2), widened for downscaling to avoid aliasing: for photographs.
    case bicubic
    /// The mean of the covered pixels: for downscaling; for upscaling, sharp squares.
    case area

    /// The radius of the kernel, in pixels of the coarser grid.
    var support: Double {
        switch self {
        case .bicubic: 2
        case .area: 0.5
        }
    }

    /// The kernel at a distance from its center.
    func weight(at distance: Double) -> Double {
        let x = abs(distance)
        switch self {
        case .area: return distance > -0.5 && distance <= 0.5 ? 1 : 0
        case .bicubic where x < 1: return (1.5 * x - 2.5) * x * x + 1
        case .bicubic where x < 2: return ((-0.5 * x + 2.5) * x - 4) * x + 2
        case .bicubic: return 0
        }
    }
}

/// A bitmap of interleaved 8-bit channels, resized by a separable filter.
///
/// 1. For each target column, compute the weights of the source columns under the kernel, which is
/// stretched by the scale for downscaling. 2. Filter the rows and round to 8 bits. 3. Do the same
/// for columns. Weights are fixed-point with 22 fractional bits; the result is Pillow's, byte for
/// byte.
struct Resampling {
    let width: Int
    let height: Int
    let channels: Int
    let samples: [UInt8]  // [height, width, channels]

    /// A part of the resized samples; the rest is not computed, however large.
    func resized(
        width newWidth: Int,
        height newHeight: Int,
        columns: Range<Int>,
        rows: Range<Int>,
        _ filter: ResizingFilter
    ) -> Self {
        let down = Taps.all(from: height, to: newHeight, at: rows, filter)
        let needed = down[0].first..<down[down.count - 1].end
        var result = self
        var firstRow = 0
        if newWidth != width || columns != 0..<width {
            let across = Taps.all(from: width, to: newWidth, at: columns, filter)
            result = withRowsResized(by: across, needed)
            firstRow = needed.lowerBound
        }
        if newHeight != height || rows != 0..<height {
            result = result.withColumnsResized(by: down, from: firstRow)
        }
        return result
    }

    /// The rows `rows`, with a column for each of `taps`.
    private func withRowsResized(by taps: [Taps], _ rows: Range<Int>) -> Self {
        let count = rows.count * taps.count * channels
        let result = samples.withUnsafeBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
                var next = 0
                for row in rows {
                    for tap in taps {
                        let start = (row * width + tap.first) * channels
                        for channel in 0..<channels {
                            target[next] = tap.sum(source, from: start + channel, step: channels)
                            next += 1
                        }
                    }
                }
                initialized = count
            }
        }
        return Resampling(
            width: taps.count,
            height: rows.count,
            channels: channels,
            samples: result
        )
    }

    /// A row for each of `taps`, whose rows are counted from `firstRow`.
    private func withColumnsResized(by taps: [Taps], from firstRow: Int) -> Self {
        let stride = width * channels
        let count = taps.count * stride
        let result = samples.withUnsafeBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
                var next = 0
                for tap in taps {
                    for column in 0..<stride {
                        let start = (tap.first - firstRow) * stride + column
                        target[next] = tap.sum(source, from: start, step: stride)
                        next += 1
                    }
                }
                initialized = count
            }
        }
        return Resampling(width: width, height: taps.count, channels: channels, samples: result)
    }
}

/// The source samples of one target sample, and their fixed-point weights.
private struct Taps {
    let first: Int
    let weights: [Int32]

    static let fractionBits = 22

    /// The end of the source samples.
    var end: Int { first + weights.count }

    /// The taps of the samples `indices` of `newSize`.
    static func all(
        from size: Int,
        to newSize: Int,
        at indices: Range<Int>,
        _ filter: ResizingFilter
    ) -> [Taps] {
        let scale = Double(size) / Double(newSize)
        let stretch = max(scale, 1)
        let reach = filter.support * stretch
        return indices.map { index in
            let center = (Double(index) + 0.5) * scale
            let first = max(Int(center - reach + 0.5), 0)
            let end = min(Int(center + reach + 0.5), size)
            let weights = (first..<end).map { source in
                filter.weight(at: (Double(source) - center + 0.5) / stretch)
            }
            let sum = weights.reduce(0, +)
            let one = Double(1 << fractionBits)
            return Taps(
                first: first,
                weights: weights.map {
                    Int32(($0 / sum * one).rounded(.toNearestOrAwayFromZero))
                }
            )
        }
    }

    @inline(__always)
    func sum(_ source: UnsafeBufferPointer<UInt8>, from start: Int, step: Int) -> UInt8 {
        weights.withUnsafeBufferPointer { weights in
            var total: Int32 = 1 << (Int32(Self.fractionBits) - 1)
            var index = start
            for weight in weights {
                total &+= weight &* Int32(source[index])
                index += step
            }
            return UInt8(clamping: total >> Int32(Self.fractionBits))
        }
    }
}
