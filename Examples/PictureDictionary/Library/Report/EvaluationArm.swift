import Documents
import Generating
import Vision

/// One of the settings under which a report draws all concepts.
struct EvaluationArm {
    let label: String
    /// Draws one image per concept; `first` is the number of the first concept.
    let draw: (_ concepts: ArraySlice<Concept>, _ first: Int) throws -> [Image]
}

extension EvaluationArm {
    /// Finds documents for prompts.
    typealias Retrieval = ([Document]) throws -> [[Document]]

    /// How many candidates CLIP reranks.
    static let candidateCount = 4

    /// Draws by caption, after retrieved documents; several guidances alternate.
    ///
    /// With an embedder, CLIP reranks ``candidateCount`` candidates.
    static func captioned(
        _ model: DictionaryModel,
        _ guidances: [Guidance],
        seed: UInt64,
        label: String? = nil,
        after retrieve: Retrieval? = nil,
        rerankedBy embedder: CLIPEmbedder? = nil
    ) -> EvaluationArm {
        let label = label ?? guidances.map(\.summary).joined(separator: " and ")
        guard let embedder else {
            return EvaluationArm(label: label) { concepts, first in
                let captions = concepts.map { Document([.text(Scene($0).phrase)]) }
                return try model.draw(
                    captions,
                    after: retrieve?(captions) ?? [],
                    .oneImage(guidances, seed: seed &+ UInt64(first))
                )
            }
        }
        return EvaluationArm(label: "best of \(candidateCount) by CLIP, \(label)") {
            concepts,
            first in
            try concepts.enumerated().flatMap { index, concept in
                let caption = Scene(concept).phrase
                let prompts = Array(repeating: Document([.text(caption)]), count: candidateCount)
                let number = UInt64((first + index) * candidateCount)
                return try model.drawBest(
                    of: prompts,
                    after: retrieve?(prompts) ?? [],
                    .oneImage(guidances, seed: seed &+ number),
                    by: embedder,
                    for: caption
                )
            }
        }
    }

    /// Inpaints a part of the reference image by its caption.
    static func inpainted(
        _ model: DictionaryModel,
        _ mask: Mask,
        _ painter: ScenePainter,
        _ guidance: Guidance,
        seed: UInt64
    ) -> EvaluationArm {
        EvaluationArm(label: "\(mask.rawValue) inpainted, \(guidance.summary)") { concepts, first in
            let batch = concepts.map {
                let image = painter.image(of: Scene($0))
                return Inpainting(image, mask.region(of: image), caption: Scene($0).phrase)
            }
            return try model.inpaint(
                batch,
                .oneImage([guidance], seed: seed &+ UInt64(first))
            )
        }
    }

    /// The reference image with a part in the color of its top left pixel: the baseline of
    /// inpainting.
    static func empty(_ mask: Mask, _ painter: ScenePainter) -> EvaluationArm {
        EvaluationArm(label: "\(mask.rawValue) left empty") { concepts, _ in
            concepts.map {
                var image = painter.image(of: Scene($0))
                let region = mask.region(of: image)
                image.fill(
                    x: region.columns.lowerBound,
                    y: region.rows.lowerBound,
                    width: region.columns.count,
                    height: region.rows.count,
                    image[0, 0]
                )
                return image
            }
        }
    }

    enum Mask: String, CaseIterable {
        case upperHalf = "the upper half"
        case rightHalf = "the right half"
        case middle = "the middle"

        func region(of image: Image) -> ImageRegion {
            let (width, height) = (image.width, image.height)
            let region =
                switch self {
                case .upperHalf: ImageRegion(x: 0, y: 0, width: width, height: height / 2)
                case .rightHalf:
                    ImageRegion(x: width / 2, y: 0, width: width - width / 2, height: height)
                case .middle:
                    ImageRegion(x: width / 4, y: height / 4, width: width / 2, height: height / 2)
                }
            guard let region else { preconditionFailure("a scene has at least 4 × 4 pixels") }
            return region
        }
    }
}
