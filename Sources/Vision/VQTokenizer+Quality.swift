package import Documents
internal import Foundation
internal import Tensors

/// How well an image tokenizer gives images back.
package struct ReconstructionQuality: Sendable, Equatable {
    /// The peak signal-to-noise ratio in dB, from the mean squared error over all pixels.
    package let signalToNoise: Double
    /// How many different codes the images took.
    package let codesInUse: Int
    /// e to the entropy of the codes' frequencies: as many equally frequent codes would have it.
    package let perplexity: Double
}

extension VQTokenizer {
    /// Encodes and decodes images, of which there must be one, and compares.
    package func quality(on images: [Image]) throws -> ReconstructionQuality {
        precondition(!images.isEmpty, "quality is measured on images")
        let codes = try encode(images)
        let decoded = try decode(codes)
        var squares = 0
        for (image, decoded) in zip(images, decoded) {
            for (a, b) in zip(fitting(image).pixels, decoded.pixels) {
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
    /// e to the entropy of the codes' frequencies, which need not add up to one.
    package static func perplexity(of frequencies: [Double]) -> Double {
        let sum = frequencies.reduce(0, +)
        return exp(
            frequencies.reduce(0) { entropy, frequency in
                frequency > 0 ? entropy - frequency / sum * log(frequency / sum) : entropy
            }
        )
    }
}
