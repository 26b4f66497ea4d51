package import Documents

/// Tells which concept an image shows, by comparing it with the images of all concepts.
///
/// This is the measure of "the right image". An image is cropped to what differs from the
/// colour of its border and reduced to 12 × 12 mean colours, as differences from the border's.
/// These are compared by cosine with those of all concepts on the background that is nearest to
/// the border's colour, after that background's mean is taken away. So size, place and background
/// do not matter, and softness hardly does.
package struct ConceptIndex: Sendable {
    /// A concept found in an image.
    package struct Match: Sendable, Equatable {
        /// The concept of the gallery.
        package let concept: Concept.ID
        /// The cosine of the two images, from -1 to 1.
        package let similarity: Float
    }

    /// Concepts whose images are more alike than this on every background count as one answer.
    package static let duplicateSimilarity: Float = 0.95

    /// For each concept, the first of those that it cannot be told apart from; mostly itself.
    package let answerClasses: [Concept.ID: Concept.ID]
    private let walls: [ReferenceIndex]

    /// Hangs a clear image of each concept on each background that suits it.
    ///
    /// The parts of a thing that have the background's colour vanish in it, and the crop with
    /// them: so an envelope looks another on white than on blue, and needs both images.
    package init(_ concepts: [Concept], painter: ScenePainter) {
        walls = Background.allCases.map { background in
            let suited = concepts.filter { painter.backgrounds(for: $0).contains(background) }
            return ReferenceIndex(
                background,
                suited.map { ($0.id, painter.image(of: Scene($0, on: background))) }
            )
        }
        answerClasses = Self.classes(concepts.map(\.id), walls)
    }

    /// The concepts nearest to an image, the nearest first; none for an image of one colour.
    package func nearest(to image: Image, count: Int) -> [Match] {
        let matches = similarities(to: image).sorted {
            ($1.similarity, $0.concept) < ($0.similarity, $1.concept)
        }
        return Array(matches.prefix(count))
    }

    /// The place of a concept, from 1, among the answers to an image.
    ///
    /// Concepts that cannot be told apart share one answer. One that cannot be seen on the
    /// image's background is the last. `nil` if the image is of one colour or the gallery does
    /// not have the concept.
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

    private func similarities(to image: Image) -> [Match] {
        guard let fingerprint = ImageFingerprint(image) else { return [] }
        let nearest = walls.min {
            $0.distance(to: fingerprint.border) < $1.distance(to: fingerprint.border)
        }
        return nearest?.similarities(to: fingerprint) ?? []
    }

    /// Joins duplicates: who is like an earlier concept belongs to that one's answer.
    ///
    /// Alike means on every background that both hang on: white arrows on blue tiles are alike on
    /// white, where the arrows vanish, and not on black.
    private static func classes(
        _ concepts: [Concept.ID],
        _ walls: [ReferenceIndex]
    ) -> [Concept.ID: Concept.ID] {
        var classes: [Concept.ID: Concept.ID] = [:]
        for (index, concept) in concepts.enumerated() {
            let twin = concepts[..<index].first { other in
                let shared = walls.lazy.compactMap { $0.similarity(of: concept, and: other) }
                return shared.first != nil && shared.allSatisfy { $0 > duplicateSimilarity }
            }
            classes[concept] = twin.flatMap { classes[$0] } ?? concept
        }
        return classes
    }
}
