package import Documents
internal import Foundation
internal import Tensors

/// The reconstruction quality of an image tokenizer.
package struct ReconstructionQuality: Sendable, Equatable {
    /// The peak signal-to-noise ratio (PSNR) in dB, of the mean squared error over all pixels.
    package let signalToNoise: Double
    /// The number of distinct codes of the images.
    package let codesInUse: Int
    /// The perplexity of the codes: e to the entropy of their frequencies.
    package let perplexity: Double
}

extension VQTokenizer {
    /// Compares images, at least one, with their reconstructions.
    package func quality(on images: [Image]) throws -> ReconstructionQuality {
        precondition(!images.isEmpty, "quality needs an image")
        let codes = try encode(images)
        let decoded = try decode(codes)
        var squares = 0
        for (image, decoded) in zip(images, decoded) {
            for (a, b) in zip(fitting(image, grid).pixels, decoded.pixels) {
                squares += (Int(a) - Int(b)) * (Int(a) - Int(b))
            }
        }
        var uses = [Int](repeating: 0, count: codeCount)
        for code in codes.joined() { uses[code] += 1 }
        let meanSquare = Double(squares) / Double(images.count * imageSize * imageSize * 3)
        return ReconstructionQuality(
            signalToNoise: 10 * log10(255 * 255 / meanSquare),
            codesInUse: uses.count { $0 > 0 },
            perplexity: ConvVQTokenizer.perplexity(of: uses.map(Double.init))
        )
    }
}

extension ConvVQTokenizer {
    /// e to the entropy of frequencies, which need not sum to one.
    package static func perplexity(of frequencies: [Double]) -> Double {
        let sum = frequencies.reduce(0, +)
        return exp(
            frequencies.reduce(0) { entropy, frequency in
                frequency > 0 ? entropy - frequency / sum * log(frequency / sum) : entropy
            }
        )
    }
}
