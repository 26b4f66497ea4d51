public import Documents

/// Tells which concept a picture shows, by comparing it with the pictures of all concepts.
///
/// This is the measure of "the right picture". A picture is cropped to what differs from the
/// colour of its border, reduced to 12 × 12 mean colours in which the background is replaced by
/// one neutral gray, and compared by cosine after the mean of the gallery is taken away. So size,
/// place and background do not matter, and softness hardly does.
public struct ConceptGallery: Sendable {
    /// A concept, or several that cannot be told apart, found in a picture.
    public struct Match: Sendable, Equatable {
        /// The concept of the gallery.
        public let concept: Concept.ID
        /// The cosine of the two pictures, from -1 to 1.
        public let similarity: Float
    }

    /// Concepts whose pictures are more alike than this count as one answer.
    public static let duplicateSimilarity: Float = 0.97

    /// The concepts in order, once for each of their pictures.
    private let concepts: [Concept.ID]
    /// For each concept, the first of those that it cannot be told apart from; mostly itself.
    public let answerClasses: [Concept.ID: Concept.ID]
    private let mean: [Float]
    private let prints: [[Float]]

    /// Makes a gallery of clear pictures of each concept, one on each background that suits it.
    ///
    /// The parts of a thing that have the background's colour vanish in it, and the crop with
    /// them: so an envelope looks another on white than on blue, and needs both pictures.
    public init(_ entries: [(concept: Concept.ID, pictures: [Picture])]) {
        let fingerprints = entries.flatMap { entry in
            entry.pictures.compactMap { PictureFingerprint($0) }.map { (entry.concept, $0.values) }
        }
        var mean = [Float](repeating: 0, count: PictureFingerprint.length)
        for (_, values) in fingerprints {
            for index in mean.indices { mean[index] += values[index] / Float(fingerprints.count) }
        }
        self.mean = mean
        concepts = fingerprints.map(\.0)
        prints = fingerprints.map { Self.normalized($0.1, around: mean) }
        answerClasses = Self.classes(concepts, prints)
    }

    /// The concepts nearest to a picture, the nearest first; none for a picture of one colour.
    public func nearest(to picture: Picture, count: Int) -> [Match] {
        var best: [Concept.ID: Float] = [:]
        for match in similarities(to: picture) {
            best[match.concept] = max(best[match.concept] ?? -1, match.similarity)
        }
        let matches = best.map(Match.init).sorted {
            ($1.similarity, $0.concept) < ($0.similarity, $1.concept)
        }
        return Array(matches.prefix(count))
    }

    /// The place of a concept, from 1, among the answers to a picture.
    ///
    /// Concepts that cannot be told apart share one answer. `nil` if the picture is of one colour
    /// or the gallery does not have the concept.
    public func rank(of concept: Concept.ID, in picture: Picture) -> Int? {
        guard let expected = answerClasses[concept] else { return nil }
        var best: [Concept.ID: Float] = [:]
        for match in similarities(to: picture) {
            let answer = answerClasses[match.concept] ?? match.concept
            best[answer] = max(best[answer] ?? -1, match.similarity)
        }
        guard let own = best[expected] else { return nil }
        return 1 + best.values.count { $0 > own }
    }

    private func similarities(to picture: Picture) -> [Match] {
        guard let fingerprint = PictureFingerprint(picture) else { return [] }
        let values = Self.normalized(fingerprint.values, around: mean)
        return zip(concepts, prints).map { concept, print in
            Match(concept: concept, similarity: Self.dot(print, values))
        }
    }

    /// Joins duplicates: who is like an earlier concept belongs to that one's answer.
    ///
    /// Alike means that every picture of it is like some picture of the other: white arrows on
    /// blue tiles are alike on white, where the arrows vanish, and not on black.
    private static func classes(
        _ concepts: [Concept.ID],
        _ prints: [[Float]]
    ) -> [Concept.ID: Concept.ID] {
        var classes: [Concept.ID: Concept.ID] = [:]
        var earlier: [Range<Int>] = []
        var start = 0
        while start < concepts.count {
            let concept = concepts[start]
            let end = concepts[start...].firstIndex { $0 != concept } ?? concepts.count
            let own = start..<end
            let twin = earlier.first { other in
                dot(prints[other.lowerBound], prints[start]) > duplicateSimilarity
                    && own.allSatisfy { picture in
                        other.contains { dot(prints[$0], prints[picture]) > duplicateSimilarity }
                    }
            }
            classes[concept] = twin.flatMap { classes[concepts[$0.lowerBound]] } ?? concept
            earlier.append(own)
            start = end
        }
        return classes
    }

    private static func normalized(_ values: [Float], around mean: [Float]) -> [Float] {
        let centered = zip(values, mean).map { $0 - $1 }
        let length = dot(centered, centered).squareRoot()
        return length > 0 ? centered.map { $0 / length } : centered
    }

    private static func dot(_ first: [Float], _ second: [Float]) -> Float {
        var sum: Float = 0
        for index in first.indices { sum += first[index] * second[index] }
        return sum
    }
}
