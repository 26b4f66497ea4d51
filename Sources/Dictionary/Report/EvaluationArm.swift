internal import Documents
internal import Generating
internal import Models
internal import Vision

/// A way of drawing concepts that a model is measured by.
struct EvaluationArm {
    /// What a table calls it.
    let label: String
    /// Draws concepts, of which the first has the number given: one image each.
    let draw: (_ concepts: ArraySlice<Concept>, _ first: Int) throws -> [Image]
}

extension EvaluationArm {
    /// What the model draws by captions, by a contrast or several in turn; `retrieve` finds documents
    /// that stand before the captions.
    static func drawn(
        by generator: MultimodalModel,
        _ contrasts: [Guidance],
        seed: UInt64,
        labelled label: String? = nil,
        behind retrieve: (([Document]) throws -> [[Document]])? = nil
    ) -> EvaluationArm {
        EvaluationArm(label: label ?? contrasts.label) { concepts, first in
            let captions = concepts.map { Document([.text(Scene($0).phrase)]) }
            return try generator.drawings(
                by: captions,
                behind: retrieve?(captions) ?? [],
                contrasts,
                seed: seed &+ UInt64(first)
            ).flatMap(\.document.images)
        }
    }

    /// Of several images by one caption, the one that a CLIP model finds to fit best.
    static func chosen(
        by embedder: CLIPEmbedder,
        of count: Int,
        by generator: MultimodalModel,
        _ contrasts: [Guidance],
        seed: UInt64,
        labelled label: String? = nil,
        behind retrieve: (([Document]) throws -> [[Document]])? = nil
    ) -> EvaluationArm {
        let label = "best of \(count) by CLIP, \(label ?? contrasts.label)"
        return EvaluationArm(label: label) { concepts, first in
            try concepts.enumerated().flatMap { index, concept in
                let caption = Scene(concept).phrase
                let captions = Array(repeating: Document([.text(caption)]), count: count)
                let answers = try generator.drawings(
                    by: captions,
                    behind: retrieve?(captions) ?? [],
                    contrasts,
                    seed: seed &+ UInt64((first + index) * count)
                )
                return try embedder.best(of: answers, for: caption).document.images
            }
        }
    }

    /// A region of the right image drawn anew by its caption.
    static func inpainted(
        by generator: MultimodalModel,
        _ hole: Hole,
        _ painter: ScenePainter,
        _ contrast: Guidance,
        seed: UInt64
    ) -> EvaluationArm {
        EvaluationArm(label: "\(hole.name) drawn anew, \(contrast.summary)") { concepts, first in
            let batch = concepts.map {
                let image = painter.image(of: Scene($0))
                return Inpainting(image, hole.region(of: image), caption: Scene($0).phrase)
            }
            var options = AnswerOptions(seed: seed &+ UInt64(first))
            options.guidance = contrast
            return try generator.inpaint(batch, options).flatMap(\.document.images)
        }
    }

    /// The right image with a region as empty as its top left corner: what is known without the
    /// model.
    static func empty(_ hole: Hole, _ painter: ScenePainter) -> EvaluationArm {
        EvaluationArm(label: "\(hole.name) left empty") { concepts, _ in
            concepts.map {
                var image = painter.image(of: Scene($0))
                let region = hole.region(of: image)
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

    /// A part of every image.
    enum Hole: CaseIterable {
        case upperHalf
        case rightHalf
        case middle

        var name: String {
            switch self {
            case .upperHalf: "the upper half"
            case .rightHalf: "the right half"
            case .middle: "the middle"
            }
        }

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
            guard let region else { preconditionFailure("a painted scene has many pixels") }
            return region
        }
    }
}

extension [Guidance] {
    /// What a table calls contrasts that take turns.
    fileprivate var label: String { map(\.summary).joined(separator: " and ") }
}

extension MultimodalModel {
    /// One image for each caption.
    fileprivate func drawings(
        by captions: [Document],
        behind retrieved: [[Document]] = [],
        _ contrasts: [Guidance],
        seed: UInt64
    ) throws -> [Answer] {
        var options = AnswerOptions(seed: seed)
        (options.guidance, options.alternateGuidance) = (contrasts[0], contrasts.dropFirst().first)
        options.imageCount = 1...1
        options.maximumTextTokens = 0
        let answers = try generate(captions, retrieved: retrieved, options)
        // Only an answer that was cancelled lacks its image.
        guard answers.allSatisfy({ $0.document.images.count == 1 }) else {
            throw CancellationError()
        }
        return answers
    }
}
