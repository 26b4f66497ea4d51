public import Documents
internal import Foundation
internal import Tensors

/// How well an image tokenizer gives pictures back.
public struct ReconstructionQuality: Sendable, Equatable {
    /// The peak signal-to-noise ratio in dB, from the mean squared error over all pixels.
    public let signalToNoise: Double
    /// How many different codes the pictures took.
    public let codesInUse: Int
    /// e to the entropy of the codes' frequencies: as many equally frequent codes would have it.
    public let perplexity: Double
}

extension GridCoder {
    /// Encodes and decodes pictures, of which there must be one, and compares.
    public func quality(on pictures: [Picture]) throws -> ReconstructionQuality {
        precondition(!pictures.isEmpty, "quality is measured on pictures")
        let codes = try encode(pictures)
        let decoded = try decode(codes)
        var squares = 0
        for (picture, decoded) in zip(pictures, decoded) {
            for (a, b) in zip(fitting(picture).pixels, decoded.pixels) {
                squares += (Int(a) - Int(b)) * (Int(a) - Int(b))
            }
        }
        var uses = [Int](repeating: 0, count: codeCount)
        for code in codes.joined() { uses[code] += 1 }
        let meanSquare = Double(squares) / Double(pictures.count * imageSize * imageSize * 3)
        return ReconstructionQuality(
            signalToNoise: 10 * log10(255 * 255 / meanSquare),
            codesInUse: uses.count { $0 > 0 },
            perplexity: ImageTokenizer.perplexity(of: uses.map(Double.init))
        )
    }
}

extension ImageTokenizer {
    /// e to the entropy of the codes' frequencies, which need not add up to one.
    public static func perplexity(of frequencies: [Double]) -> Double {
        let sum = frequencies.reduce(0, +)
        return exp(
            frequencies.reduce(0) { entropy, frequency in
                frequency > 0 ? entropy - frequency / sum * log(frequency / sum) : entropy
            }
        )
    }
}
