internal import Basics
internal import Tensors
internal import Vision

/// How far decoded images are from the originals in the eyes of a network (Johnson et al., 2016).
enum FeatureLoss {
    /// The mean absolute difference of features, layer by layer; the originals' have no gradient.
    static func of(_ decoded: [Tensor], _ original: [Tensor]) -> Tensor {
        let differences = zip(decoded, original).map { ($0 - $1).magnitude().mean() }
        guard let first = differences.first else { preconditionFailure("a network has layers") }
        return differences.dropFirst().reduce(first, +) / Double(differences.count)
    }

    /// The same by the features of CLIP, of a window of its size that is drawn from the images
    /// [B, H, W, 3], after these are enlarged if they are smaller.
    static func of(
        _ decoded: Tensor,
        _ original: Tensor,
        seenBy clip: CLIPFolder,
        using random: inout SeededGenerator
    ) -> Tensor {
        let side = clip.model.config.imageSize
        let factor = (side + decoded.size(1) - 1) / decoded.size(1)
        let room = decoded.size(1) * factor - side
        let x = Int.random(in: 0...room, using: &random)
        let y = Int.random(in: 0...room, using: &random)
        func features(_ pixels: Tensor) -> [Tensor] {
            let enlarged =
                factor == 1
                ? pixels
                : pixels.permuted([0, 3, 1, 2]).upsampled(by: factor).permuted([0, 2, 3, 1])
            let window = enlarged.narrowed(1, y..<y + side).narrowed(2, x..<x + side)
            return clip.model.features(ofPixels: clip.preprocessing.normalized(window))
        }
        return of(features(decoded), withoutGradients { features(original) })
    }
}
