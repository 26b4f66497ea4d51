package import Documents

/// Recognizes the concept in an image by comparing it with reference images of all concepts.
///
/// This measures whether a model draws the right image. An image is cropped to what differs from
/// its border color and reduced to 12 × 12 mean colors, relative to the border's. Their cosine is
/// taken with each reference image on the background nearest to the border color, after subtracting
/// the mean over that background. So size, position and background do not matter, and blur hardly.
package struct ConceptIndex: Sendable {
    /// Concepts count as one answer if their similarity exceeds this on every shared background.
    private static let duplicateSimilarity: Float = 0.95

    /// For each concept, the first one that it cannot be told apart from; mostly itself.
    package let answerClasses: [Concept.ID: Concept.ID]
    private let names: [Concept.ID: String]
    private let references: [ReferenceIndex]

    /// Indexes each drawing of each concept on every background that it is visible on.
    ///
    /// Parts of a thing that have the background's color vanish, which also changes the crop: an
    /// envelope on white looks unlike one on blue.
    package init(_ concepts: [Concept], painter: ScenePainter) {
        references = Background.allCases.map { background in
            let scenes = concepts.flatMap { concept in
                concept.drawings.indices.compactMap { drawing in
                    painter.backgrounds(for: concept, drawing: drawing).contains(background)
                        ? Scene(concept, on: background, drawing: drawing) : nil
                }
            }
            return ReferenceIndex(
                background,
                scenes.map { ($0.concept.id, painter.image(of: $0)) }
            )
        }
        names = Dictionary(uniqueKeysWithValues: concepts.map { ($0.id, $0.name) })
        answerClasses = Self.classes(concepts.map(\.id), references)
    }

    /// The number of answers that can be told apart.
    var answerCount: Int { Set(answerClasses.values).count }

    /// The name of the most similar concept; `nil` for an image of one color.
    package func nearest(to image: Image) -> String? {
        let best = similarities(to: image).min {
            ($1.similarity, $0.concept) < ($0.similarity, $1.concept)
        }
        return best.flatMap { names[$0.concept] }
    }

    /// The rank of a concept, from 1, among the answers to an image.
    ///
    /// Concepts that cannot be told apart share an answer. One that is not visible on the image's
    /// background comes last. `nil` for an image of one color or an unknown concept.
    package func rank(of concept: Concept.ID, in image: Image) -> Int? {
        let matches = similarities(to: image)
        guard let expected = answerClasses[concept], !matches.isEmpty else { return nil }
        var best: [Concept.ID: Float] = [:]
        for match in matches {
            let answer = answerClasses[match.concept] ?? match.concept
            best[answer] = max(best[answer] ?? -1, match.similarity)
        }
        guard let own = best[expected] else { return best.count + 1 }
        return 1 + best.values.count { $0 > own }
    }

    private func similarities(to image: Image) -> [ReferenceIndex.Match] {
        guard let fingerprint = ImageFingerprint(image) else { return [] }
        let nearest = references.min {
            $0.distance(to: fingerprint.border) < $1.distance(to: fingerprint.border)
        }
        return nearest?.similarities(to: fingerprint) ?? []
    }

    /// Assigns each duplicate to the answer of the first concept that it resembles.
    ///
    /// They must be alike on every shared background: white arrows on blue tiles are alike on
    /// white, where the arrows vanish, and not on black.
    private static func classes(
        _ concepts: [Concept.ID],
        _ references: [ReferenceIndex]
    ) -> [Concept.ID: Concept.ID] {
        var classes: [Concept.ID: Concept.ID] = [:]
        for (index, concept) in concepts.enumerated() {
            let twin = concepts[..<index].first { other in
                let shared = references.lazy.compactMap { $0.similarity(of: concept, and: other) }
                return shared.first != nil && shared.allSatisfy { $0 > duplicateSimilarity }
            }
            classes[concept] = twin.flatMap { classes[$0] } ?? concept
        }
        return classes
    }
}
