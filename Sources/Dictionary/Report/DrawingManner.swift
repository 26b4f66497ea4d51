internal import Documents
internal import Generating
internal import Vision

/// A way of drawing concepts that a model is measured by.
struct DrawingManner {
    /// What a table calls it.
    let label: String
    /// Draws concepts, of which the first has the number given: one picture each.
    let draw: (_ concepts: ArraySlice<Concept>, _ first: Int) throws -> [Picture]
}

extension DrawingManner {
    /// What the model draws by captions, by a contrast or several in turn; `retrieve` finds documents
    /// that stand before the captions.
    static func drawn(
        by generator: Generator,
        _ contrasts: [Contrast],
        seed: UInt64,
        labelled label: String? = nil,
        behind retrieve: (([Document]) throws -> [[Document]])? = nil
    ) -> DrawingManner {
        DrawingManner(label: label ?? contrasts.label) { concepts, first in
            let captions = concepts.map { Document([.text(Scene($0).phrase)]) }
            return try generator.drawings(
                by: captions,
                behind: retrieve?(captions) ?? [],
                contrasts,
                seed: seed &+ UInt64(first)
            ).flatMap(\.document.pictures)
        }
    }

    /// Of several pictures by one caption, the one that a CLIP model finds to fit best.
    static func chosen(
        by embedder: CLIPEmbedder,
        of count: Int,
        by generator: Generator,
        _ contrasts: [Contrast],
        seed: UInt64,
        labelled label: String? = nil,
        behind retrieve: (([Document]) throws -> [[Document]])? = nil
    ) -> DrawingManner {
        let label = "best of \(count) by CLIP, \(label ?? contrasts.label)"
        return DrawingManner(label: label) { concepts, first in
            try concepts.enumerated().flatMap { index, concept in
                let caption = Scene(concept).phrase
                let captions = Array(repeating: Document([.text(caption)]), count: count)
                let answers = try generator.drawings(
                    by: captions,
                    behind: retrieve?(captions) ?? [],
                    contrasts,
                    seed: seed &+ UInt64((first + index) * count)
                )
                return try embedder.best(of: answers, for: caption).document.pictures
            }
        }
    }

    /// A region of the right picture drawn anew by its caption.
    static func repainted(
        by generator: Generator,
        _ hole: Hole,
        _ painter: ScenePainter,
        _ contrast: Contrast,
        seed: UInt64
    ) -> DrawingManner {
        DrawingManner(label: "\(hole.name) drawn anew, \(contrast.summary)") { concepts, first in
            let batch = try concepts.map {
                let picture = painter.picture(of: Scene($0))
                return try Repainting(picture, hole.region(of: picture), caption: Scene($0).phrase)
            }
            let options = try GenerationOptions(
                contrasts: [contrast],
                pictureCount: .one,
                seed: seed &+ UInt64(first)
            )
            return try generator.repaint(batch: batch, options).flatMap(\.document.pictures)
        }
    }

    /// The right picture with a region as empty as its top left corner: what is known without the
    /// model.
    static func empty(_ hole: Hole, _ painter: ScenePainter) -> DrawingManner {
        DrawingManner(label: "\(hole.name) left empty") { concepts, _ in
            concepts.map {
                var picture = painter.picture(of: Scene($0))
                let region = hole.region(of: picture)
                picture.fill(
                    x: region.columns.lowerBound,
                    y: region.rows.lowerBound,
                    width: region.columns.count,
                    height: region.rows.count,
                    picture[0, 0]
                )
                return picture
            }
        }
    }

    /// A part of every picture.
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

        func region(of picture: Picture) -> PictureRegion {
            let (width, height) = (picture.width, picture.height)
            let region =
                switch self {
                case .upperHalf: PictureRegion(x: 0, y: 0, width: width, height: height / 2)
                case .rightHalf:
                    PictureRegion(x: width / 2, y: 0, width: width - width / 2, height: height)
                case .middle:
                    PictureRegion(x: width / 4, y: height / 4, width: width / 2, height: height / 2)
                }
            guard let region else { preconditionFailure("a painted scene has many pixels") }
            return region
        }
    }
}

extension [Contrast] {
    /// What a table calls contrasts that take turns.
    fileprivate var label: String { map(\.summary).joined(separator: " and ") }
}

extension Generator {
    /// One picture for each caption.
    fileprivate func drawings(
        by captions: [Document],
        behind retrieved: [[Document]] = [],
        _ contrasts: [Contrast],
        seed: UInt64
    ) throws -> [Generated] {
        let answers = try generate(
            batch: captions,
            behind: retrieved,
            GenerationOptions(
                contrasts: contrasts,
                pictureCount: .one,
                maximumTextTokens: 0,
                seed: seed
            )
        )
        // Only an answer that was cancelled lacks its picture.
        guard answers.allSatisfy({ $0.document.pictures.count == 1 }) else {
            throw CancellationError()
        }
        return answers
    }
}
