import Documents

/// A few colors that stand for those of an image.
///
/// An image of so few colors keeps them. Otherwise, a median cut that minimizes variance:
/// 1. All colors, with how often each occurs, are one box.
/// 2. The box with the largest squared error along one component is split at its mean there.
/// 3. Step 2 until there are as many boxes as colors are allowed; the palette is their means.
///
/// After Heckbert, "Color image quantization for frame buffer display", 1982, and Wan et al., 1990,
/// on variance.
struct Palette {
    private(set) var colors: [Color]
    /// The colors by their green component, each with its index.
    private let byGreen: [(color: Color, index: Int)]

    init(_ image: Image, limit: Int) {
        var counts: [UInt32: Int] = [:]
        for index in stride(from: 0, to: image.pixels.count, by: 3) {
            let rgb =
                UInt32(image.pixels[index]) << 16 | UInt32(image.pixels[index + 1]) << 8
                | UInt32(image.pixels[index + 2])
            counts[rgb, default: 0] += 1
        }
        // The same palette each time.
        let samples = counts.keys.sorted().map { rgb in
            Sample(
                components: [UInt8(rgb >> 16), UInt8(rgb >> 8 & 0xFF), UInt8(rgb & 0xFF)],
                count: counts[rgb] ?? 0
            )
        }
        if samples.count <= limit {
            colors = samples.map(\.color)
        } else {
            var boxes = [Box(samples)]
            while boxes.count < limit,
                let widest = boxes.indices.max(by: { boxes[$0].error < boxes[$1].error }),
                boxes[widest].error > 0
            {
                let (lower, upper) = boxes[widest].split()
                boxes[widest] = lower
                boxes.append(upper)
            }
            colors = boxes.map(\.mean)
        }
        byGreen = colors.enumerated().map { ($1, $0) }.sorted { $0.color.green < $1.color.green }
    }

    /// The index of the color that is nearest to components that may be beyond 0 to 255.
    func nearest(_ red: Int, _ green: Int, _ blue: Int) -> Int {
        // Outward from the same green, until green alone is too far.
        var (low, high) = (0, byGreen.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(byGreen[middle].color.green) < green { low = middle + 1 } else { high = middle }
        }
        var best = (distance: Int.max, index: 0)
        var (below, above) = (low - 1, low)
        while true {
            let lower = below >= 0 ? green - Int(byGreen[below].color.green) : Int.max
            let upper = above < byGreen.count ? Int(byGreen[above].color.green) - green : Int.max
            let difference = min(lower, upper)
            guard difference < Int(Int32.max), difference * difference < best.distance else {
                return best.index
            }
            let (color, index) = lower < upper ? byGreen[below] : byGreen[above]
            if lower < upper { below -= 1 } else { above += 1 }
            let (r, b) = (red - Int(color.red), blue - Int(color.blue))
            let distance = r * r + difference * difference + b * b
            if distance < best.distance { best = (distance, index) }
        }
    }
}

extension Palette {
    /// A color of the image and how many pixels have it.
    private struct Sample {
        let components: SIMD3<UInt8>
        let count: Int

        var color: Color {
            Color(red: components[0], green: components[1], blue: components[2])
        }
    }

    private struct Box {
        private let samples: [Sample]
        let mean: Color
        /// The component that varies most, its mean and its sum of squared differences from that.
        private let axis: Int
        private let middle: Double
        let error: Double

        init(_ samples: [Sample]) {
            self.samples = samples
            var count = 0.0
            var sum = SIMD3<Double>()
            var squares = SIMD3<Double>()
            for sample in samples {
                let weight = Double(sample.count)
                let values = SIMD3<Double>(sample.components)
                count += weight
                sum += values * weight
                squares += values * values * weight
            }
            let means = sum / count
            let errors = squares - sum * means
            let axis = (0..<3).max { errors[$0] < errors[$1] } ?? 0
            let rounded = SIMD3<UInt8>(means.rounded(.toNearestOrAwayFromZero))
            mean = Color(red: rounded[0], green: rounded[1], blue: rounded[2])
            self.axis = axis
            middle = means[axis]
            error = samples.count > 1 ? errors[axis] : 0
        }

        func split() -> (Box, Box) {
            (
                Box(samples.filter { Double($0.components[axis]) <= middle }),
                Box(samples.filter { Double($0.components[axis]) > middle })
            )
        }
    }
}
