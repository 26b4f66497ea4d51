internal import Basics
internal import Tensors
internal import Vision

/// The difference of the features that a network has of decoded and original images (Johnson et
/// al., 2016).
enum PerceptualLoss {
    /// The mean absolute difference of features, averaged over the layers.
    static func of(_ decoded: [Tensor], _ original: [Tensor]) -> Tensor {
        let differences = zip(decoded, original).map { ($0 - $1).magnitude().mean() }
        guard let first = differences.first else { preconditionFailure("a network has layers") }
        return differences.dropFirst().reduce(first, +) / Double(differences.count)
    }

    /// The loss by the features of CLIP, on a random window of its image size in images [B, H, W,
    /// 3], which are upsampled first if they are smaller.
    static func of(
        _ decoded: Tensor,
        _ original: Tensor,
        by clip: CLIPFolder,
        using random: inout SeededGenerator
    ) -> Tensor {
        let side = clip.model.config.imageSize
        let factor = (side + decoded.size(1) - 1) / decoded.size(1)
        let freedom = decoded.size(1) * factor - side
        let x = Int.random(in: 0...freedom, using: &random)
        let y = Int.random(in: 0...freedom, using: &random)
        func features(_ pixels: Tensor) -> [Tensor] {
            let upsampled =
                factor == 1
                ? pixels
                : pixels.permuted([0, 3, 1, 2]).upsampled(by: factor).permuted([0, 2, 3, 1])
            let window = upsampled.narrowed(1, y..<y + side).narrowed(2, x..<x + side)
            return clip.model.features(ofPixels: clip.preprocessing.normalized(window))
        }
        return of(features(decoded), withoutGradients { features(original) })
    }
}
